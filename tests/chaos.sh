#!/usr/bin/env bash
# Members, PostgreSQL and simulated hosts in network namespaces, faults by chance, and every law judged in the end.
#   tests/chaos.sh --minutes 60                      an hour on one PostgreSQL
#   tests/chaos.sh --minutes 20 --database patroni   three PostgreSQL under Patroni
#   tests/chaos.sh --minutes 20 --upgrade            and rolling upgrades to a build that speaks the next protocol number, and back
# It installs what it needs from Debian packages and needs root; chaos --help tells the other options.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

case "$*" in
    "--help" | "-h" | "--faults list")
        dotnet build tests/ActorIpam.Chaos -c Release -v q --nologo >&2
        exec dotnet artifacts/bin/ActorIpam.Chaos/release/chaos.dll "$@" ;;
esac

if [ "$(id -u)" -ne 0 ]; then
    echo "Network namespaces need root." >&2
    exit 2
fi

wanted=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || wanted+=(postgresql)
command -v nft >/dev/null || wanted+=(nftables)
command -v ip >/dev/null || wanted+=(iproute2)
case " $* " in *" patroni "*)
    command -v patroni >/dev/null || wanted+=(patroni)
    command -v etcd >/dev/null || wanted+=(etcd-server) ;;
esac
if [ "${#wanted[@]}" -gt 0 ]; then
    # The packages would create and start servers of their own; they are not wanted.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
fi

arguments=() upgrade=
for argument in "$@"; do
    if [ "$argument" = --upgrade ]; then upgrade=yes; else arguments+=("$argument"); fi
done

if [ -z "${NO_BUILD:-}" ]; then
    dotnet build tests/ActorIpam.Chaos -c Release -v q --nologo
    # Compiled ahead, a member that was killed serves again in a second.
    tests/publish-member.sh
    [ -z "$upgrade" ] || dotnet build src/ActorIpam.Server -c Release -p:NextProtocol=true -v q --nologo
fi
[ -z "$upgrade" ] || arguments+=(--other artifacts/next/bin/ActorIpam.Server/release/ipamd.dll)
exec dotnet artifacts/bin/ActorIpam.Chaos/release/chaos.dll --program artifacts/ahead/ipamd/ipamd "${arguments[@]}"
