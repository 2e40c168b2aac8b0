# What the measurements have in common; to be sourced. It makes a folder with a PostgreSQL and takes both away at the end, builds what is measured, and starts members.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
postgres=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1 || true)
[ -x "$postgres/pgbench" ] || { echo "${0##*/}: there is no pgbench: install the package postgresql." >&2; exit 1; }
if [ -z "${NO_BUILD:-}" ]; then
    for project in src/ActorIpam.Cli tests/ActorIpam.Benchmarks; do
        dotnet build "$root/$project" -c Release -v q --nologo >&2
    done
    "$root/tests/publish-member.sh" >&2
fi
ipamd=$root/artifacts/ahead/ipamd/ipamd
ipamctl=$root/artifacts/bin/ActorIpam.Cli/release/ipamctl.dll
benchmarks=$root/artifacts/bin/ActorIpam.Benchmarks/release/benchmarks.dll

folder=$(mktemp -d -t ipam-bench-XXXXXX)
mkdir -p "$folder/figures" "$folder/pg" "$folder/run"
as_postgres=()
if [ "$(id -u)" -eq 0 ]; then
    # PostgreSQL refuses to run as root.
    as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
    chmod 755 "$folder"
    chown postgres "$folder/pg" "$folder/run"
fi

pids=()
stop() {
    trap '' INT TERM EXIT
    local pid
    # Backwards: members before their database.
    for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
        # Not INT: what runs in the background of a script is started with it ignored.
        kill -TERM "${pids[i]}" 2>/dev/null || true
        wait "${pids[i]}" 2>/dev/null || true
    done
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

(cd / && "${as_postgres[@]}" "$postgres/initdb" -D "$folder/pg" -U ipam -A trust -E UTF8 --locale=C) >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
(cd / && exec setsid "${as_postgres[@]}" "$postgres/postgres" -D "$folder/pg" -c listen_addresses= -c unix_socket_directories="$folder/run") >"$folder/postgres.log" 2>&1 &
database=$!
pids+=("$database")
for _ in $(seq 300); do
    "$postgres/pg_isready" -q -h "$folder/run" -U ipam -d postgres && break
    kill -0 "$database" 2>/dev/null || { cat "$folder/postgres.log" >&2; exit 1; }
    sleep 0.1
done
sql() { "$postgres/psql" -q -v ON_ERROR_STOP=1 -h "$folder/run" -U ipam -d "$1" -c "$2"; }

# Starts a member and waits until it serves; its process and its URL are in $member and $url.
start() {
    local name=$1
    shift
    setsid "$ipamd" --member "$name" --listen http://127.0.0.1:0 "$@" >"$folder/$name.out" 2>"$folder/$name.log" &
    member=$! url=
    pids+=("$member")
    for _ in $(seq 6000); do
        url=$(sed -n 's/^ready //p' "$folder/$name.out")
        [ -z "$url" ] || return 0
        kill -0 "$member" 2>/dev/null || break
        sleep 0.01
    done
    cat "$folder/$name.log" >&2
    exit 1
}
