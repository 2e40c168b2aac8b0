#!/usr/bin/env bash
# Measures a member on PostgreSQL and on SQLite, and in between, in the same minutes on the same machine, what the databases themselves can do.
# Figures of different machines, or of different minutes, mean little beside each other: the ratios are the result. docs/performance.md tells more.
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: bench/compare.sh [--smoke] [--repeats N] [--seconds S] [--warm-up S] [--heat S] [--rows LIST] [--cluster] [--json FILE]

  --smoke        everything once, for a second each: shows that it runs, not how fast
  --repeats N    how often each row is measured, alternating with the floors (default 3)
  --seconds S    how long each row is measured (default 10)
  --warm-up S    how long each row is warmed up (default 10)
  --heat S       how long each member is kept busy before the first round, until its code is compiled for good (default 40)
  --rows LIST    only these rows, such as "assign-64 release" (default: all)
  --cluster      three members too, asked by clients that know the owner and by clients that do not
  --json FILE    writes the figures to a file as well

It needs PostgreSQL's server programs with pgbench; it starts a server of its own in a new folder and takes it away again.
USAGE
}

repeats=3 seconds=10 warm=10 heat=40 rows= cluster= json=
while [ $# -gt 0 ]; do
    case $1 in
        --smoke) repeats=1 seconds=1 warm=1 heat=0 cluster=yes; shift ;;
        --cluster) cluster=yes; shift ;;
        --repeats | --seconds | --warm-up | --heat | --rows | --json)
            [ $# -ge 2 ] || { echo "compare: $1 needs a value." >&2; exit 2; }
            case $1 in --repeats) repeats=$2 ;; --seconds) seconds=$2 ;; --warm-up) warm=$2 ;; --heat) heat=$2 ;; --rows) rows=$2 ;; --json) json=$2 ;; esac
            shift 2
            ;;
        -h | --help) usage; exit 0 ;;
        *) echo "compare: there is no option $1; --help lists them." >&2; exit 2 ;;
    esac
done
[[ $repeats =~ ^[1-9][0-9]?$ ]] || { echo "compare: --repeats is a number from 1 to 99, not '$repeats'." >&2; exit 2; }
[[ $seconds =~ ^[1-9][0-9]{0,2}$ && $warm =~ ^[0-9]{1,3}$ && $heat =~ ^[0-9]{1,3}$ ]] || { echo "compare: --seconds, --warm-up and --heat are whole numbers of seconds, up to 999." >&2; exit 2; }

. "$(dirname "$0")/common.sh"
sql postgres 'create database floors'
sql postgres 'create database one'
sql floors 'create table one (id bigint generated always as identity primary key, at timestamptz not null, text text not null)'
echo "insert into one (at, text) values (now(), 'a text of about the length that a handle has');" >"$folder/insert.sql"

pgbench_floor() {
    "$postgres/pgbench" -n -h "$folder/run" -U ipam -M prepared -f "$folder/insert.sql" -c "$1" -j 1 -T "$seconds" floors 2>/dev/null \
        | sed -n 's/^tps = \([0-9.]*\).*/\1/p' >"$folder/figures/$round.floor.pgbench-$1"
}
sqlite_floor() {
    rm -f "$folder"/floor.db*
    dotnet "$benchmarks" floor sqlite "$folder/floor.db" "$seconds" >"$folder/figures/$round.floor.sqlite-commit"
}
append_floor() {
    dotnet "$benchmarks" floor append "Host=$folder/run;Username=ipam;Database=floors" "$seconds" >"$folder/figures/$round.floor.append-64"
}
wanted() { [ -z "$rows" ] || [[ " $rows " == *" $1 "* ]]; }

heat_up() {
    [ "$heat" -gt 0 ] || return 0
    dotnet "$ipamctl" --server "$1" bench --workload assign --clients 64 --block-size 24 --warm-up 0 --duration "$heat" --json - >/dev/null
    # Reclaims, borrowing and releases have code of their own.
    dotnet "$ipamctl" --server "$1" bench --workload borrow --clients 64 --block-size 24 --pool 10.64.0.0/20 --warm-up 0 --duration $((heat / 4 + 1)) --json - >/dev/null
}

# One row: its name, the storage, and the options of ipamctl bench.
row() {
    local name=$1 storage=$2
    shift 2
    wanted "$name" || return 0
    local server=$pg_url cpu=("${pg_cpu[@]}" --cpu "database=$database")
    [ "$storage" = postgres ] || { server=$sqlite_url; cpu=(--cpu "member=$sqlite_member"); }
    echo "round $round: $name on $storage" >&2
    dotnet "$ipamctl" --server "$server" bench --duration "$seconds" --warm-up "$warm" --block-size 24 "${cpu[@]}" "$@" --json - >"$folder/figures/$round.$storage.$name"
}
both() {
    local name=$1
    shift
    row "$name" postgres "$@"
    row "$name" sqlite "$@"
}

start one-pg --journal "postgres:Host=$folder/run;Username=ipam;Database=one"
pg_cpu=(--cpu "member=$member") pg_url=$url
start one-sqlite --journal "sqlite:$folder/sqlite/ipam.db"
sqlite_member=$member sqlite_url=$url

heat_up "$pg_url"
heat_up "$sqlite_url"

for round in $(seq "$repeats"); do
    pgbench_floor 64
    row assign-64 postgres --workload assign --clients 64
    sqlite_floor
    row assign-64 sqlite --workload assign --clients 64
    append_floor
    both one-host-16 --workload one-host --clients 16
    pgbench_floor 16
    both borrow-64 --workload borrow --clients 64 --pool 10.64.0.0/20
    both release-64 --workload release --clients 64
    both release-final-64 --workload release-final --clients 64
    both mixed-64 --workload mixed --clients 64
    both assign-1 --workload assign --clients 1
    pgbench_floor 1
done

if [ -n "$cluster" ]; then
    sql postgres 'create database three'
    urls= pg_cpu=()
    for number in 1 2 3; do
        start "m$number" --journal "postgres:Host=$folder/run;Username=ipam;Database=three" --cluster-listen http://127.0.0.1:0
        urls=$urls${urls:+,}$url
        pg_cpu+=(--cpu "m$number=$member")
    done
    pg_url=$urls
    # Members see each other within a second or two; placement follows.
    for _ in $(seq 100); do
        dotnet "$ipamctl" --server "$urls" cluster show | grep -c ' alive ' | grep -qx 3 && break
    done
    heat_up "$urls"
    for round in $(seq "$repeats"); do
        row three-owner postgres --workload assign --clients 64 --route owner
        row three-any postgres --workload assign --clients 64 --route any
    done
fi

dotnet "$benchmarks" report "$folder/figures" ${json:+"$json"}
