#!/usr/bin/env bash
# Publishes the member as it is shipped into artifacts/ahead/ipamd, for those that kill or measure members: with its framework, and compiled ahead as one
# with it. What is compiled apart from its framework leaves half of the work of the first ten seconds to the compiler (docs/performance.md).
set -euo pipefail
cd "$(dirname "$0")/.."
exec dotnet publish src/ActorIpam.Server -c Release --use-current-runtime --self-contained true -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=true \
    -p:ArtifactsPath="$PWD/artifacts/ahead/build" -o artifacts/ahead/ipamd -v q --nologo
