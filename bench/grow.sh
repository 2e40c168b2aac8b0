#!/usr/bin/env bash
# What grows with what is held: how fast a member starts, what it takes of memory, and whether it is as fast with a million addresses as with none.
# docs/performance.md tells more. It starts a PostgreSQL and members of its own in a new folder and takes them away again.
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: bench/grow.sh [--held N] [--repeats N] [--seconds S] [--heat S] [--storage LIST]

  --held N       fill up to so many addresses (default 1000000)
  --repeats N    how often each rate is measured, before and behind (default 5)
  --seconds S    for how long each time (default 10)
  --heat S       how long the member is kept busy before (default 40)
  --storage L    postgres, sqlite or "postgres sqlite" (default: both)
USAGE
}

held=1000000 repeats=5 seconds=10 heat=40 storages="postgres sqlite"
while [ $# -gt 0 ]; do
    case $1 in
        --held | --repeats | --seconds | --heat | --storage)
            [ $# -ge 2 ] || { echo "grow: $1 needs a value." >&2; exit 2; }
            case $1 in --held) held=$2 ;; --repeats) repeats=$2 ;; --seconds) seconds=$2 ;; --heat) heat=$2 ;; --storage) storages=$2 ;; esac
            shift 2
            ;;
        -h | --help) usage; exit 0 ;;
        *) echo "grow: there is no option $1; --help lists them." >&2; exit 2 ;;
    esac
done
[[ $held =~ ^[1-9][0-9]{0,6}$ && $held -le 4000000 ]] || { echo "grow: --held is a number from 1 to 4000000, not '$held'." >&2; exit 2; }
[[ $repeats =~ ^[1-9][0-9]?$ ]] || { echo "grow: --repeats is a number from 1 to 99, not '$repeats'." >&2; exit 2; }
[[ $seconds =~ ^[1-9][0-9]{0,2}$ && $heat =~ ^[0-9]{1,3}$ ]] || { echo "grow: --seconds and --heat are whole numbers of seconds, up to 999." >&2; exit 2; }
for storage in $storages; do
    [[ $storage =~ ^(postgres|sqlite)$ ]] || { echo "grow: there is no storage '$storage'." >&2; exit 2; }
done

. "$(dirname "$0")/common.sh"

now() { date +%s%3N; }
resident() { echo "$(($(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$member/status") / 1024)) MiB"; }
figure() { sed -n "s/.*\"$1\": *\([0-9.]*\).*/\1/p" | head -n 1; }
median() { sort -n | sed -n "$((($1 + 1) / 2))p"; }
tell() { printf '%-10s %-52s %s\n' "$storage" "$1" "$2"; }

# An empty journal, by the number of it.
journal() {
    if [ "$storage" = sqlite ]; then
        journal=sqlite:$folder/$1/ipam.db
    else
        sql postgres "create database \"$1\""
        journal="postgres:Host=$folder/run;Username=ipam;Database=$1"
    fi
}
end() {
    kill -TERM "$member"
    wait "$member" 2>/dev/null || true
}
load() { dotnet "$ipamctl" --server "$url" bench --clients 64 --block-size 24 "$@" --json -; }
rates() {
    for _ in $(seq "$repeats"); do
        load --pool 10.128.0.0/10 --warm-up 3 --duration "$seconds" >"$folder/figures/last"
        [ "$(figure grantedTwice <"$folder/figures/last")" = 0 ] || { echo "grow: an address was granted twice." >&2; exit 1; }
        figure perSecond <"$folder/figures/last"
    done | median "$repeats"
}
# A single address, from the start of the process to its answer: for a host that holds addresses already.
answer() {
    local pool
    pool=$(dotnet "$ipamctl" --server "$url" get ippools -o name | sed -n 's/.*\///p' | head -n 1)
    begun=$(now)
    curl -fsS -o /dev/null -H 'content-type: application/json' -d "{\"host\":\"$pool-0\",\"handle\":\"behind-the-start\",\"ipv4\":1,\"ipv4Pools\":[\"$pool\"]}" "$url/ipam/v1/assign"
    echo "$(($(now) - begun)) ms"
}

for storage in $storages; do
    for number in 1 2 3; do
        journal "$storage-$number"
        begun=$(now)
        start "$storage-$number" --journal "$journal"
        echo "$(($(now) - begun))" >>"$folder/figures/$storage.starts"
        [ "$number" = 3 ] || end
    done
    tell "from its start until it serves, empty journal" "$(median 3 <"$folder/figures/$storage.starts") ms"
    sleep 10
    tell "resident, idle" "$(resident)"
    [ "$heat" -eq 0 ] || load --warm-up 0 --duration "$heat" --pool 10.128.0.0/10 >/dev/null
    empty=$(rates)
    tell "assignments a second, nothing held" "$empty"
    load --pool 10.0.0.0/9 --until-held "$held" --keep >"$folder/figures/fill"
    tell "assignments to fill it, and how many a second" "$(figure operations <"$folder/figures/fill"), $(figure perSecond <"$folder/figures/fill")"
    tell "resident, all blocks touched once" "$(resident)"
    full=$(rates)
    tell "assignments a second, $held held" "$full"
    tell "of what it was" "$(echo "$full $empty" | awk '{printf "%.2f", $1 / $2}')"
    end
    begun=$(now)
    start "$storage-again" --journal "$journal"
    tell "from its start until it serves, $held held" "$(($(now) - begun)) ms"
    tell "then the first assignment" "$(answer)"
    sleep 10
    tell "resident, behind a start with $held held" "$(resident)"
    end
done
