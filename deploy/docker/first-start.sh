#!/bin/sh
# Makes what a trial cluster needs and nobody should have to type: an authority, a certificate for each member, an operator's token.
# An authority and a token that are there stay; the members' certificates are made anew. Usage: first-start.sh FOLDER MEMBER...
set -eu
folder=$1
shift
for member in "$@"; do
    ipamctl cluster certs "$folder" --member "$member=$member,localhost,127.0.0.1"
done
if [ ! -s "$folder/operator.token" ]; then
    umask 077
    head -c 32 /dev/urandom | base64 | tr -d '\n=' | tr '+/' '-_' >"$folder/operator.token"
fi

# The members do not run as root, and get what they need. The authority's key stays root's.
chown 0:0 "$folder" "$folder/ca.key"
chmod 755 "$folder"
chown "${APP_UID:?the image names the account of its members}" "$folder/operator.token"
for member in "$@"; do
    chown "$APP_UID" "$folder/$member.crt" "$folder/$member.key"
done
