#!/usr/bin/env bash
# Plays simulated worlds for as long as the night has, and then random programs of units on every journal. It ends with figures for docs/how-we-know.md.
# Usage: tests/long-run.sh [SEEDS [FIRST]]     20,000 worlds from seed 1,000,001 on, if nothing is said: not those that every change plays
# Options by environment: JOURNAL_PROGRAMS (20000; 0 for none), SIM_JOBS (how many worlds at once; all processors otherwise).
# To leave a machine usable: nice -n 19 tests/long-run.sh 500000
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Worlds are short-lived: with room for what one leaves behind, the collector finds little that still lives.
export DOTNET_GCgen0size=${DOTNET_GCgen0size:-0x4000000}
seeds=${1:-20000}
first=${2:-1000001}
programs=${JOURNAL_PROGRAMS:-20000}
jobs=${SIM_JOBS:-$(nproc)}

dotnet build src/ActorIpam.Cli -c Release -v q --nologo || exit 1
echo "== $seeds worlds from seed $first on, $jobs at once"
dotnet artifacts/bin/ActorIpam.Cli/release/ipamctl.dll sim --seeds "$seeds" --first "$first" --jobs "$jobs" --coverage
worlds=$?

journals=0
if [ "$programs" -gt 0 ]; then
    echo "== $programs programs on each journal"
    dotnet build tests/ActorIpam.JournalContract -c Release -v q --nologo || exit 1
    JOURNAL_PROGRAMS=$programs dotnet artifacts/bin/ActorIpam.JournalContract/release/ActorIpam.JournalContract.dll
    journals=$?
fi

[ "$worlds" -eq 0 ] && [ "$journals" -eq 0 ]
