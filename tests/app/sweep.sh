#!/usr/bin/env bash
# A sweep: every cell once, by one process or several, to the same bytes; what is killed loses no finished cell.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
lesson=(--set data.image_size=16 --set "data.phantom_counts=[8,8]" --set train.epochs=3 --set train.optimizer=momentum)
axes=(--axis train.rate=1e-6..1e6:log:7 --axis start=1..3)
sweep() { "$program" sweep "${lesson[@]}" "${axes[@]}" "$@"; }

# Alone, on one thread and on two: the same table. A cell is the training of the same settings.
expect_code 0 sweep -o one --threads 1
grep -q "^21 of 21 cells" out || fail "not all cells are there: $(cat out)"
[[ "$(wc -l < one/sweep.csv)" == 22 ]] || fail "not a line a cell: $(cat one/sweep.csv)"
grep -q "^Best test accuracy" out || fail "the best is not named: $(cat out)"
[[ "$(head -c 4 one/sweep.png | tail -c 3)" == PNG ]] || fail "there is no picture: $(ls one; cat err)"
expect_code 0 sweep -o two --threads 2
cmp one/sweep.csv two/sweep.csv || fail "two threads make another table"
expect_code 0 "$program" train "${lesson[@]}" --set train.rate=0.01 --set train.threads=1 --set train.seed=1 --out run --json run.json
python3 - << 'END' || fail "a cell is not the training of its settings"
import csv, json
cells = [row for row in csv.DictReader(open("one/sweep.csv")) if row["train.rate"] == "0.01" and row["start"] == "1"]
last = json.load(open("run.json"))["epochs"][-1]
assert len(cells) == 1
for name in ("loss", "accuracy", "test_loss", "test_accuracy"):
    assert float(cells[0][name]) == last[name], (name, cells[0][name], last[name])
END
grep -q ",diverged," one/sweep.csv || fail "no rate is too large: $(cat one/sweep.csv)"

# Again: nothing is trained twice.
expect_code 0 sweep -o one
grep -q "^21 of them are there already" err || fail "what is there is not said: $(cat err)"
cmp one/sweep.csv two/sweep.csv || fail "another start changed the table"

# Its table is named in place of its folder, and a file's name in place of a folder's.
expect_sentence 1 "is a map of 21 trainings" "$program" train one/sweep.csv --out none
expect_sentence 1 "table.csv looks like a file's name" "$program" sweep "${lesson[@]}" "${axes[@]}" -o table.csv
[[ -e table.csv ]] && fail "something was made"

# Killed at any moment, and gone on with; two processes at once, one of them killed.
killed=0
for _ in 1 2 3 4; do
  begin "$program" sweep "${lesson[@]}" "${axes[@]}" -o parts --threads 2
  while kill -0 "$pid" 2> /dev/null && [[ "$(cat parts/results/* 2> /dev/null | wc -l)" -le "$killed" ]]; do sleep 0.01; done
  kill -9 "$pid" 2> /dev/null
  wait "$pid" 2> /dev/null
  before="$(cat parts/results/* | wc -l)"
  killed="$before"
done
begin "$program" sweep "${lesson[@]}" "${axes[@]}" -o parts --threads 1
expect_code 0 sweep -o parts --threads 1
wait "$pid" || fail "the other process failed: $(cat err)"
[[ "$(cat parts/results/* | cut -d, -f1 | sort -u | wc -l)" == 21 ]] || fail "cells are missing: $(cat parts/results/*)"
expect_code 0 sweep -o parts
cmp one/sweep.csv parts/sweep.csv || fail "what was killed and gone on with is another table"

# Interrupted: what is done is kept, and said.
ended_by INT "cells, 7 values" err "$program" sweep "${lesson[@]}" --set train.epochs=300 "${axes[@]}" -o stopped --threads 2
[[ "$code" == 130 ]] || fail "an interrupted sweep ends with $code: $(cat err)"
grep -q "the same command goes on with the others" err || fail "what to do is not said: $(cat err)"

if command -v mpirun > /dev/null; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  expect_code 0 mpirun -n 2 --oversubscribe "$program" sweep "${lesson[@]}" "${axes[@]}" -o ranks
  cmp one/sweep.csv ranks/sweep.csv || fail "two ranks make another table"
  [[ "$(find ranks/results -type f | wc -l)" == 2 ]] || fail "one of two ranks did nothing: $(ls ranks/results)"
  expect_code 1 mpirun -n 2 --oversubscribe "$program" sweep "${lesson[@]}" "${axes[@]}" -o ranks --replace
  grep -q "remove ranks first" err || fail "what to do with two ranks is not said: $(cat err)"
fi

# What cannot be swept gets one sentence, and nothing is made.
refused() {
  local text="$1"
  shift
  expect_sentence 1 "$text" "$program" sweep "$@" -o refused
  [[ ! -e refused ]] || fail "a folder is left: $*"
}
refused "the range is empty, because 1 is not below 0.1" --axis train.rate=1..0.1
refused "train.rat" --axis train.rat=0.1..1
refused "[train] optimizer" --axis train.optimizer=adam,adma
refused "1.5 is no seed" --axis start=1.5,2
refused "more than 1000000 cells" --axis train.rate=0..1:4000 --axis train.seed=1..4000:4000
refused "Two --axis options vary train.rate" --axis train.rate=0.1..1 --axis train.rate=1..2
refused "a surface of two parameters" "$source_dir/scenes/two-parameters.toml" --axis train.rate=0.1..1
expect_sentence 1 "holds a sweep over other axes" "$program" sweep "${lesson[@]}" --axis train.rate=0.1..1 -o one
expect_sentence 1 "holds a sweep of another scene" "$program" sweep "${axes[@]}" -o one
expect_sentence 1 "is not empty" "$program" sweep "${lesson[@]}" "${axes[@]}" -o run
expect_code 2 "$program" sweep "${lesson[@]}" -o refused
# A cell that cannot be trained does not end the others.
expect_code 0 "$program" sweep --set data.image_size=16 --set "data.phantom_counts=[2,2]" --set train.epochs=1 --axis data.test_fraction=0.15,0.9 -o large
grep -q "1 could not be trained" out || fail "a cell that cannot be trained is not told of: $(cat out)"
grep -q "data.test_fraction=0.9: The class" out || fail "it is not said why: $(cat out)"
expect_code 0 "$program" sweep "${lesson[@]}" --axis train.batch_size=4,8 -o large --replace
grep -q "^2 of 2 cells" out || fail "an earlier sweep is not replaced: $(cat out)"

# Cells of a project read its images each for itself: two at a time make the table of one, whatever is cached.
if [[ -f "$data/exp_1.tm" ]]; then
  project=(sweep "$data/exp_1.tm" --axis train.seed=1..8 --set train.epochs=2)
  XDG_CACHE_HOME="$PWD/cache-1" expect_code 0 "$program" "${project[@]}" -o project-1 --threads 1
  XDG_CACHE_HOME="$PWD/cache-2" expect_code 0 "$program" "${project[@]}" -o project-2 --threads 2
  cmp project-1/sweep.csv project-2/sweep.csv || fail "two threads make another table of a project"
  XDG_CACHE_HOME="$PWD/cache-2" expect_code 0 "$program" "${project[@]}" -o project-3 --threads 2
  cmp project-1/sweep.csv project-3/sweep.csv || fail "what is cached makes another table of a project"
else
  printf 'without a real project: %s is not there (FALLLINE_TEST_DATA names the folder)\n' "$data/exp_1.tm"
fi
finish
