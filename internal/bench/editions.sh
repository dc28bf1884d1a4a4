#!/usr/bin/env bash
# What a second edition costs: builds a site with one edition and with two, in turns, each
# into a fresh folder, and compares the time added with what it cannot do without:
# filling its templates and writing its files, as the floor program beside the repository
# measures them, and converting all bodies once at hanzi's rate.
#
#   internal/bench/editions.sh
#
# VARS: N (articles, default 10000), RUNS (of each, default 5), WORK (a folder to work
# in; default below /dev/shm if it is there, else below TMPDIR; removed at the end), ZHENDI (a
# binary; default: built from this tree), BAR (default 1.3).
#
# Needs ../shared/bench beside the repository: the generator of articles (its columns and
# scripts are not named in the front matter, as zhendi reads them from folders and text) and
# the floor program. The pictures that the articles show are made, one small file each.
# Wall time is of all cores; the exit status is 3 if the wall time misses the bar.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
shared=$root/../shared/bench
n=${N:-10000} runs=${RUNS:-5} bar=${BAR:-1.3} cores=$(nproc)
[ -d "$shared/corpus" ] && [ -d "$shared/floor" ] || { echo "editions.sh: no generator and floor program in $shared" >&2; exit 1; }
base=${TMPDIR:-/tmp}
[ -d /dev/shm ] && base=/dev/shm
work=${WORK:-$base}/editions.$$
mkdir -p "$work"
trap 'rm -rf "$work"' EXIT
zhendi=${ZHENDI:-$work/zhendi}
[ -n "${ZHENDI:-}" ] || (cd "$root" && go build -o "$zhendi" ./cmd/zhendi)
(cd "$shared/corpus" && go build -o "$work/corpus" .) && (cd "$shared/floor" && go build -o "$work/floor" .)

cd "$work"
./corpus -n "$n" -out one >/dev/null
find one/content -name '*.md' -exec grep -l '^script: hant$' {} + | sort >hant.list
find one/content -name '*.md' ! -name _index.md | sort | comm -23 - hant.list >hans.list
xargs cat <hans.list >hans.txt && xargs cat <hant.list >hant.txt
find one/content -name '*.md' -exec sed -i '/^column: /d; /^script: /d' {} +
grep -rhoE '/uploads/[^") ]*' one/content | sort -u | while read -r f; do
  mkdir -p "one/content/_static${f%/*}" && echo x >"one/content/_static$f"
done
cp -r one two
printf 'name: 示例党建网\nbaseURL: https://bench.example/\n' | tee one/site.yaml >two/site.yaml
echo 'editions: [zh-Hans, zh-Hant]' >>two/site.yaml

# run COMMAND…: prints wall and CPU seconds
TIMEFORMAT='%R %U %S'
run() { { time "$@" >out.log 2>&1 || { cat out.log >&2; exit 1; }; } 2>&1 | awk '{print $1, $2 + $3}'; }
median() { sort -n | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}'; }
each() { cut -d' ' -f"$2" "$1" | median; }

for ((k = 0; k < runs; k++)); do
  for e in one two; do
    rm -rf out
    run "$zhendi" build --source $e --out out >>$e.times
  done
done
hant=$(find out/hant -name '*.html' | wc -l)
./floor -content one/content -like out/hant -scratch scratch -runs "$runs" >floor.txt
rm -rf scratch
for ((k = 0; k < runs; k++)); do
  echo "$(run taskset -c 0 "$zhendi" convert --config s2t hans.txt) $(run taskset -c 0 "$zhendi" convert --config tw2s hant.txt)"
done | awk '{print $2 + $4}' >convert.times

# floor LABEL COLUMN: wall (3) or CPU (4) seconds in the floor program's table
floor() { grep -F "| $1" floor.txt | head -1 | awk -F'|' -v c="$2" '{split($c, a, " "); print a[1]}'; }
convert=$(median <convert.times)
sources=$(find one/content -name '*.md' | wc -l)
echo "$n articles; the second edition has $hant pages, $(find out/hant -type f | wc -l) files, $(du -sm out/hant | cut -f1) MB; $cores cores; $(stat -f -c %T .)"
awk -v w1="$(each one.times 1)" -v c1="$(each one.times 2)" -v w2="$(each two.times 1)" -v c2="$(each two.times 2)" \
  -v tw="$(floor "html/template, whole chrome, $cores gor." 3)" -v tc="$(floor "html/template, whole chrome, $cores gor." 4)" \
  -v ow="$(floor "html/template, shared chrome pre-rendered, $cores gor." 3)" -v oc="$(floor "html/template, shared chrome pre-rendered, $cores gor." 4)" \
  -v ww="$(floor 'write outputs, new folder, 2 gor.' 3)" -v wc="$(floor 'write outputs, new folder, 2 gor.' 4)" \
  -v k="$convert" -v cores="$cores" -v pages="$hant" -v sources="$sources" -v bar="$bar" 'BEGIN {
  f = "%-48s %8.2f %8.2f\n"; m = pages / sources
  printf "%-48s %8s %8s\n", "seconds, medians", "wall", "cpu"
  printf f, "one edition", w1, c1
  printf f, "two editions", w2, c2
  printf f, "added", w2 - w1, c2 - c1
  printf f, "floor: its templates", tw * m, tc * m
  printf f, "floor: its writes", ww, wc
  printf f, "floor: conversion of all bodies", k / cores, k
  fw = tw * m + ww + k / cores; fc = tc * m + wc + k
  printf f, "floor: sum", fw, fc
  printf f, "added / sum (bar " bar ")", (w2 - w1) / fw, (c2 - c1) / fc
  printf f, "the same, if templates hold no more than a body", (w2 - w1) / (ow * m + ww + k / cores), (c2 - c1) / (oc * m + wc + k)
  exit (w2 - w1) > bar * fw ? 3 : 0
}'
