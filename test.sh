#!/usr/bin/env bash
# Installs what the tests need from Debian packages, builds everything, runs every suite, and closes with "N passed, N failed".
# Options by environment: SIM_SEEDS (2000), JOURNAL_PROGRAMS, FUZZ_INPUTS, CHAOS_MINUTES (2), KILL_ROUNDS (how much of each), SUITES (a list of suites instead of all), SUITE_SECONDS (900: the longest that one may take), KUBECTL (which kubectl).
set -uo pipefail
cd "$(dirname "$0")"
export SIM_SEEDS=${SIM_SEEDS:-2000}
SUITE_SECONDS=${SUITE_SECONDS:-900}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

suites=${SUITES:-"Specs EngineSpecs HouseRules Client.Tests Ingest.Tests Cli.Tests Cli.EndToEnd JournalContract Fuzzing Simulation.Tests PlantedBugs Conformance EndToEnd Chaos Bench"}
started=$SECONDS
passed=0
failed=0

# What failed is told once more at the end, where whoever reads only the last lines finds it.
failures=$(mktemp)
trap 'rm -f "$failures"' EXIT

took=()
step() {
    [ -z "${current:-}" ] || took+=("$(printf '%5d s  %s' "$((SECONDS - begun))" "$current")")
    current=$1 begun=$SECONDS
    printf '\n== %s (%s s so far)\n' "$1" "$((SECONDS - started))"
}

install_postgresql() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && return
    step "Installing PostgreSQL from Debian packages"
    if [ "$(id -u)" -ne 0 ]; then
        echo "PostgreSQL is missing and only root can install it: sudo apt-get install postgresql" >&2
        return
    fi
    # The tests start servers of their own; the cluster that the package would create and start is not wanted.
    mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null
}

# The end-to-end tests speak with a member through an unchanged kubectl; any version does, and Debian's is the oldest.
install_kubectl() {
    [ -n "${KUBECTL:-}" ] && return
    command -v kubectl >/dev/null 2>&1 && return
    step "Installing kubectl from Debian packages"
    if [ "$(id -u)" -ne 0 ]; then
        echo "kubectl is missing and only root can install it: sudo apt-get install kubernetes-client" >&2
        return
    fi
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq kubernetes-client >/dev/null
}

run() {
    local suite=$1 log ended
    step "$suite"
    log=$(mktemp)
    # Into a file that is shown, not through a pipe: what a suite leaves running would keep a pipe open. A suite that hangs is ended, and has failed.
    timeout --kill-after=30 "$SUITE_SECONDS" dotnet "$(program "$suite")" $(filter "$suite") >"$log" 2>&1 </dev/null &
    tail -n +1 -f --pid=$! "$log"
    wait $!
    ended=$?
    count "$suite" "$log" "$ended"
    sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -A 15 -F '[FAIL]' >>"$failures"
    rm -f "$log"
}

# Real processes in network namespaces, for some minutes; a broken law, or a complaint, is one failure.
chaos() {
    step "Chaos"
    if tests/chaos.sh --minutes "${CHAOS_MINUTES:-2}" --promises tell; then
        passed=$((passed + 1))
    else
        fail Chaos
    fi
}

# Every measurement for a second: it shows that they run and that no request fails, not how fast.
bench() {
    step "Bench"
    if bench/compare.sh --smoke; then
        passed=$((passed + 1))
    else
        fail Bench
    fi
}

fail() {
    failed=$((failed + 1))
    echo "$1 failed." >>"$failures"
}

program() {
    case $1 in
        Conformance) echo "artifacts/bin/ActorIpam.Conformance/debug/conformance.dll" ;;
        Simulation.Tests) echo "artifacts/bin/ActorIpam.Simulation.Tests/release/ActorIpam.Simulation.Tests.dll" ;;
        PlantedBugs) echo "artifacts/planted/bin/ActorIpam.Simulation.Tests/release/ActorIpam.Simulation.Tests.dll" ;;
        *) echo "artifacts/bin/ActorIpam.$1/debug/ActorIpam.$1.dll" ;;
    esac
}

# The build with planted bugs runs only the tests that look for them; the conformance run answers for the table in the documents.
filter() {
    case $1 in
        PlantedBugs) echo "-class *PlantedBugSpecs" ;;
        Conformance) echo "--table docs/conformance.md" ;;
    esac
}

# Adds up what a suite says of itself; a suite that says nothing, or ends badly without a failed test, counts as one failure.
count() {
    local suite=$1 log=$2 ended=$3 good bad
    if [ "$suite" = Conformance ]; then
        good=$(sed -n 's/^\([0-9]*\) passed, [0-9]* failed.*/\1/p' "$log" | tail -n 1)
        bad=$(sed -n 's/^[0-9]* passed, \([0-9]*\) failed.*/\1/p' "$log" | tail -n 1)
    else
        local total errors skipped notrun
        total=$(sed -n 's/.*Total: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
        errors=$(sed -n 's/.*Errors: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
        bad=$(sed -n 's/.*Failed: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
        skipped=$(sed -n 's/.*Skipped: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
        notrun=$(sed -n 's/.*Not Run: *\([0-9]*\).*/\1/p' "$log" | tail -n 1)
        bad=$((${bad:-0} + ${errors:-0}))
        good=${total:+$((total - bad - ${skipped:-0} - ${notrun:-0}))}
    fi
    if [ -z "${good:-}" ]; then
        echo "$suite did not say how it ended (exit $ended)." | tee -a "$failures"
        bad=1
        good=0
    elif [ "$ended" -ne 0 ] && [ "$bad" -eq 0 ]; then
        echo "$suite ended with $ended though no test failed." | tee -a "$failures"
        bad=1
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
}

install_postgresql
install_kubectl
step "Building"
if ! dotnet build ActorIpam.sln -v q --nologo; then
    echo "0 passed, 1 failed"
    exit 1
fi

# Worlds are played in Release: it plays two to three times as many.
case " $suites " in *" Simulation.Tests "*)
    step "Building the simulator in Release"
    dotnet build tests/ActorIpam.Simulation.Tests -c Release -v q --nologo ;;
esac
case " $suites " in *" PlantedBugs "*)
    step "Building the simulator with planted bugs"
    dotnet build tests/ActorIpam.Simulation.Tests -c Release -p:PlantedBugs=true -v q --nologo ;;
esac

for suite in $suites; do
    case $suite in
        Chaos) chaos ;;
        Bench) bench ;;
        *) run "$suite" ;;
    esac
done

step "Formatting"
if dotnet format whitespace ActorIpam.sln --verify-no-changes --no-restore -v q; then
    passed=$((passed + 1))
else
    fail "Formatting"
fi

step "Done"
printf '%s\n' "${took[@]}"
[ ! -s "$failures" ] || { echo && echo "What failed:" && cat "$failures"; }
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
