#!/usr/bin/env bash
# How cost grows with a site: full and small builds by zhendi, Hugo and the floor program, held
# to the bars. What is measured, and how: scale/main.go. Figures: README.md.
#
#   SIZES="1000" internal/bench/scale.sh                 # everything once through, some minutes
#   internal/bench/scale.sh                              # 10,000 articles
#   SIZES="1000 10000 100000" WORK=/disk/folder internal/bench/scale.sh
#   SIZES=1000000 EDITIONS=1 WORK=/disk/folder internal/bench/scale.sh
#
# VARS: SIZES (numbers of articles), EDITIONS (default "1 2"), PAIRS (rounds; default 5, 3 above 10,000
# articles, 1 above 100,000), WORK (a folder to work in; default /dev/shm if it is there, else
# TMPDIR; 100,000 articles need 21 GB on a disk, 1,000,000 in one edition 54 GB), RESULTS (file that
# keeps figures between runs; default: in WORK), SETTLE (seconds to wait after old outputs were deleted on a
# disk, default 180), ZHENDI and HUGO (binaries; default: built from this tree, and the version below
# installed by the Go module proxy into WORK).
#
# Needs ../shared/bench beside the repository: the generator of articles. Exit status 3 if a bar is missed.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
generator=$root/../shared/bench/corpus
hugoVersion=v0.165.0
[ -d "$generator" ] || { echo "scale.sh: no generator in $generator" >&2; exit 1; }
base=${TMPDIR:-/tmp}
[ -d /dev/shm ] && base=/dev/shm
work=$(realpath -m "${WORK:-$base/zhendi-scale}")
bin=$work/bin
mkdir -p "$bin"
results=$(realpath -m "${RESULTS:-$work/results.json}")
run=$work/run.$$
trap 'rm -rf "$run"' EXIT

hugo=$(realpath -m "${HUGO:-$bin/hugo-$hugoVersion}")
if [ ! -x "$hugo" ]; then
  (cd "$bin" && GOBIN=$bin go install "github.com/gohugoio/hugo@$hugoVersion" && mv hugo "$hugo")
fi
zhendi=$(realpath -m "${ZHENDI:-$bin/zhendi}")
cd "$root"
[ -n "${ZHENDI:-}" ] || go build -o "$zhendi" ./cmd/zhendi
go build -o "$bin/" ./internal/bench/floor ./internal/bench/scale
(cd "$generator" && go build -o "$bin/corpus" .)

made="zhendi as given"
if [ -z "${ZHENDI:-}" ]; then
  made="commit $(git rev-parse --short HEAD)"
  [ -z "$(git status --porcelain -- cmd internal themes)" ] || made="$made and changes"
fi
echo "$(date +%Y-%m-%d), $(nproc) cores of $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), $(go version | cut -d' ' -f3), $(stat -f -c %T "$work"), $made, $("$hugo" version | cut -d' ' -f1-2)"
echo
"$bin/scale" -work "$run" -results "$results" -sizes "${SIZES:-10000}" -editions "${EDITIONS:-1 2}" \
  -pairs "${PAIRS:-0}" -settle "${SETTLE:-180}" -zhendi "$zhendi" -hugo "$hugo" -floor "$bin/floor" -corpus "$bin/corpus" \
  -hugo-site "$root/internal/bench/hugo" -assets "$root/themes/default/assets"
