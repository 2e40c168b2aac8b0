#!/usr/bin/env bash
# Searches anew which seeds find the planted bugs and meet each fault at each point, and writes them into docs/how-we-know.md,
# regression-seeds.txt and coverage-seeds.txt. To be run when the generator of worlds, or anything that a member awaits, has changed.
# It fails, and says which, when a bug survives its budget or a fault is never met.
# Options by environment: SIM_JOBS (how many worlds at once; all processors otherwise), SIM_BUGS (names, separated by commas, of the only bugs to search).
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 UPDATE_GOLDEN=1

dotnet build tests/ActorIpam.Simulation.Tests -c Release -p:PlantedBugs=true -v q --nologo
dotnet artifacts/planted/bin/ActorIpam.Simulation.Tests/release/ActorIpam.Simulation.Tests.dll -parallel none -showLiveOutput \
    -method '*CoverageSpecs*' -method '*The_first_seeds_are_searched_anew*'
git --no-pager diff --stat -- docs/how-we-know.md tests/ActorIpam.Simulation.Tests || true
