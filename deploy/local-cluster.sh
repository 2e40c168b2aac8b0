#!/usr/bin/env bash
# A cluster on this machine in one command: a PostgreSQL of its own and several members that know each other by mutual TLS.
# Ctrl-C or SIGTERM ends all of it, cleanly. docs/cluster.md tells what to try with it.
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: deploy/local-cluster.sh [--members N] [--port P] [--folder DIR] [--keep]

  --members N    how many members, 1 to 9 (default 3)
  --port P       the first member's API is at 127.0.0.1:P, the next at P+1, ... (default 7080); 0 takes free ports
  --folder DIR   where tables, certificates and logs go (default: a new folder under TMPDIR)
  --keep         leaves the folder there at the end; with --folder the next start finds everything again

It prints a line "member NAME URL PID" for each member, then "ready" and a command to begin with.
The folder holds, for each member, NAME.log (what it says), NAME.pid and NAME.args (its options, one a line).
IPAMD and IPAMCTL name the programs to use; without them the newest build is used, and built when there is none.
USAGE
}

members=3 port=7080 folder= keep=
while [ $# -gt 0 ]; do
    case $1 in
        --members | --port | --folder)
            [ $# -ge 2 ] || { echo "local-cluster: $1 needs a value." >&2; exit 2; }
            case $1 in --members) members=$2 ;; --port) port=$2 ;; --folder) folder=$2 ;; esac
            shift 2
            ;;
        --keep) keep=yes; shift ;;
        -h | --help) usage; exit 0 ;;
        *) echo "local-cluster: there is no option $1; --help lists them." >&2; exit 2 ;;
    esac
done
[[ $members =~ ^[1-9]$ ]] || { echo "local-cluster: --members is a number from 1 to 9, not '$members'." >&2; exit 2; }
[[ $port =~ ^[0-9]{1,5}$ ]] && [ "$port" -le 65526 ] || { echo "local-cluster: --port is a number from 0 to 65526, not '$port'." >&2; exit 2; }

root=$(cd "$(dirname "$0")/.." && pwd)

# The newest build of a program, as a command; the project is built when there is none.
built() {
    local program=$1 project=$2 found
    found=$(ls -t "$root"/artifacts/bin/"$project"/*/"$program".dll 2>/dev/null | head -n 1)
    if [ -z "$found" ]; then
        dotnet build "$root/src/$project" -v q --nologo >&2
        found=$(ls -t "$root"/artifacts/bin/"$project"/*/"$program".dll | head -n 1)
    fi
    echo "dotnet $found"
}
ipamd=${IPAMD:-$(built ipamd ActorIpam.Server)}
ipamctl=${IPAMCTL:-$(built ipamctl ActorIpam.Cli)}

# Debian's layout, newest version first; else whatever the path holds.
postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
if [ ! -x "$postgres/initdb" ]; then
    found=$(command -v initdb || true)
    [ -n "$found" ] || { echo "local-cluster: there is no PostgreSQL server: install the package postgresql." >&2; exit 1; }
    postgres=$(dirname "$found")
fi

if [ -n "$folder" ]; then
    mkdir -p "$folder"
    folder=$(cd "$folder" && pwd)
else
    folder=$(mktemp -d -t local-cluster-XXXXXX)
fi
# PostgreSQL's socket lies here, and the path of a socket is short.
[ ${#folder} -le 80 ] || { echo "local-cluster: the path $folder is too long for a socket; name a shorter --folder." >&2; exit 2; }

# PostgreSQL refuses to run as root.
as_postgres=()
if [ "$(id -u)" -eq 0 ]; then
    as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
    chmod 755 "$folder"
fi

database= pids=() resting=

# Members first: they finish what they have while the database still answers.
stop() {
    trap '' INT TERM
    local name pid
    [ -z "$resting" ] || kill "$resting" 2>/dev/null || true
    for name in $(seq -f 'm%.0f' 1 "$members"); do
        pid=$(cat "$folder/$name.pid" 2>/dev/null || true)
        [ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null || true
    done
    for pid in "${pids[@]}"; do
        wait "$pid" 2>/dev/null || true
    done
    if [ -n "$database" ]; then
        kill -INT "$database" 2>/dev/null || true
        wait "$database" 2>/dev/null || true
    fi
    [ -n "$keep" ] || rm -rf "$folder"
    echo "stopped"
}
trap 'stop; exit 0' INT TERM
fail() {
    echo "local-cluster: $1" >&2
    keep=yes
    stop >/dev/null
    exit 1
}

tables=$folder/postgres
if [ ! -e "$tables/PG_VERSION" ]; then
    mkdir -p "$tables" "$folder/run"
    [ ${#as_postgres[@]} -eq 0 ] || chown postgres "$tables" "$folder/run"
    (cd / && "${as_postgres[@]}" "$postgres/initdb" -D "$tables" -U ipam -A trust -E UTF8 --locale=C) >"$folder/initdb.log" 2>&1 || fail "initdb failed: see $folder/initdb.log."
fi
# In a session of its own, so that Ctrl-C reaches this script alone. Only the socket: nobody else on this machine or beyond reaches it.
(cd / && exec setsid "${as_postgres[@]}" "$postgres/postgres" -D "$tables" -c listen_addresses= -c unix_socket_directories="$folder/run" -c fsync=on) >"$folder/postgres.log" 2>&1 &
database=$!
for _ in $(seq 300); do
    "$postgres/pg_isready" -q -h "$folder/run" -U ipam -d postgres && break
    kill -0 "$database" 2>/dev/null || fail "PostgreSQL ended: see $folder/postgres.log."
    sleep 0.1
done

$ipamctl cluster certs "$folder/certs" $(seq -f '--member m%.0f' 1 "$members") >"$folder/certs.log" || fail "the certificates could not be made: see $folder/certs.log."

for number in $(seq 1 "$members"); do
    name=m$number
    listen=$([ "$port" -eq 0 ] && echo 0 || echo $((port + number - 1)))
    printf '%s\n' --member "$name" --listen "http://127.0.0.1:$listen" --journal "postgres:Host=$folder/run;Username=ipam;Database=postgres" \
        --cluster-listen https://127.0.0.1:0 --cluster-ca "$folder/certs/ca.crt" --cluster-cert "$folder/certs/$name.crt" --cluster-key "$folder/certs/$name.key" >"$folder/$name.args"
    mapfile -t arguments <"$folder/$name.args"
    setsid $ipamd "${arguments[@]}" >"$folder/$name.out" 2>"$folder/$name.log" &
    pids+=($!)
    echo $! >"$folder/$name.pid"
done

urls=()
for number in $(seq 1 "$members"); do
    name=m$number
    for _ in $(seq 600); do
        url=$(sed -n 's/^ready //p' "$folder/$name.out")
        [ -z "$url" ] || break
        kill -0 "$(cat "$folder/$name.pid")" 2>/dev/null || fail "$name ended: $(tail -n 1 "$folder/$name.log")"
        sleep 0.1
    done
    [ -n "$url" ] || fail "$name was not ready within a minute: see $folder/$name.log."
    urls+=("$url")
    echo "member $name $url $(cat "$folder/$name.pid")"
done
echo "ready $folder"
echo "ipamctl --server $(IFS=,; echo "${urls[*]}") cluster show"

# Members may come and go; the cluster is there until it is told to stop. What sleeps holds no output: who reads ours sees its end when we end, or are killed.
while :; do
    sleep 3600 >/dev/null 2>&1 &
    resting=$!
    wait "$resting" || true
done
