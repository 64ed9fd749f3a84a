#!/bin/sh
# Checks an edit of the rules before anybody runs it: `config/samples/ci/github.yml` and `gitlab.yml` call this file.
#
#     check-rules.sh [BASE]      BASE is what the edit is compared with, origin/main if it is not given
#
# It needs git, rollcall, and a snapshot that a night wrote with `rollcall snapshot --pseudonyms`; no roster and no directory.
# CONFIG is the folder of the configuration in the repository, SNAPSHOT the snapshot, OUT where the results go.
set -eu
base=${1:-origin/main}
config=${CONFIG:-config}
snapshot=${SNAPSHOT:-people.snapshot}
out=${OUT:-rollcall-results}
mkdir -p "$out"

# How things are in BASE, beside how they are here.
old=$(mktemp -d)
trap 'rm -rf "$old"' EXIT
git archive "$base" -- "$config" | tar -x -C "$old"

status=0
# Every mistake in the files, with what is odd about groups.
rollcall check --config "$config/rollcall.yaml" --snapshot "$snapshot" || status=$?
# The tests of the mappings, and whether they touch enough of the rules.
rollcall test --config "$config/rollcall.yaml" --snapshot "$snapshot" --min-coverage 80 --format junit \
    > "$out/tests.xml" || status=$?
# What the edit does, in people; beyond these figures somebody has to look first.
rollcall diff "$old/$config" "$config" --snapshot "$snapshot" --format markdown \
    --fail-on 'privileged_gain>0,lose_access>10,suspend_other>5' > "$out/diff.md" || status=$?
cat "$out/diff.md"
exit "$status"
