#!/usr/bin/env bash
# Publishes the member as it is shipped, compiled ahead as far as that goes, into artifacts/ahead/ipamd: for those that kill or measure members.
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet publish src/ActorIpam.Server -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true \
    -p:ArtifactsPath="$PWD/artifacts/ahead/build" -o artifacts/ahead/ipamd -v q --nologo
