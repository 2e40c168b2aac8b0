#!/bin/sh
# Makes what a trial cluster needs and nobody should have to type: an authority, a certificate for each member, an operator's token.
# What is there already stays. Usage: first-start.sh FOLDER MEMBER...
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

# The members do not run as root; nobody else reads this volume.
chown -R "${APP_UID:?the image names the account of its members}" "$folder"
