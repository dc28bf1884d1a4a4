#!/usr/bin/env bash
# Compares `zhendi convert` with the opencc command: whole process against whole
# process, one core each, in turns, reading a file and writing to /dev/null.
#
#   internal/bench/opencc.sh [FILE…]
#
# Without files, 100 MB of articles are made by the generator in ../shared/bench/corpus
# (beside the repository). Texts in the other script are made by zhendi from the first.
#
# VARS: CONFIGS (default "s2t t2s s2tw s2hk s2twp"), PAIRS (runs of each, default 3),
# CORE (default 1), ZHENDI (a binary; default: built from this tree), MB (default 100).
#
# opencc: apt-get install opencc. Printed are the medians of CPU seconds (user and
# system), of wall seconds, the ratio of CPU medians, the lowest ratio of a pair, and the
# bar. The exit status is 3 if a lowest ratio misses its bar.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
configs=${CONFIGS:-s2t t2s s2tw s2hk s2twp} pairs=${PAIRS:-3} core=${CORE:-1} mb=${MB:-100}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

command -v opencc >/dev/null || { echo 'opencc.sh: no opencc command; apt-get install opencc' >&2; exit 1; }
zhendi=${ZHENDI:-$work/zhendi}
[ -n "${ZHENDI:-}" ] || (cd "$root" && go build -o "$zhendi" ./cmd/zhendi)

if [ $# -eq 0 ]; then
  corpus=$root/../shared/bench/corpus
  [ -d "$corpus" ] || { echo "opencc.sh: no generator in $corpus; name files" >&2; exit 1; }
  (cd "$corpus" && go build -o "$work/corpus" .)
  "$work/corpus" -mode pair -n $((mb * 110)) -out "$work/c" >/dev/null
  find "$work/c/content-hans" -name '*.md' ! -name _index.md | sort | xargs cat >"$work/all"
  head -c "${mb}000000" "$work/all" | iconv -c -f utf-8 -t utf-8 >"$work/articles" 2>/dev/null || true
  rm -rf "$work/c" "$work/all"
  set -- "$work/articles"
fi

# run COMMAND…: prints CPU and wall seconds
run() {
  TIMEFORMAT='%U %S %R'
  { time taskset -c "$core" "$@" >/dev/null; } 2>&1 | awk '{print $1 + $2, $3}'
}
median() { sort -n | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}'; }

opencc --version | grep -i version || true
printf '%-10s %-7s %7s %10s %10s %10s %10s %7s %7s %5s\n' text config MB 'opencc cpu' 'ours cpu' 'opencc s' 'ours s' ratio lowest bar
missed=0
for file in "$@"; do
  for config in $configs; do
    bar=12 text=$file
    case $config in s2t | t2s) bar=15 ;; esac
    case $config in s*) ;; *)
      text=$work/hant
      "$zhendi" convert --config s2tw "$file" >"$text"
      ;;
    esac
    : >"$work/pairs"
    for ((k = 0; k < pairs; k++)); do
      echo "$(run opencc -c "$config.json" -i "$text") $(run "$zhendi" convert --config "$config" "$text")" >>"$work/pairs"
    done
    cut -d' ' -f1 "$work/pairs" >"$work/1" && cut -d' ' -f2 "$work/pairs" >"$work/2"
    cut -d' ' -f3 "$work/pairs" >"$work/3" && cut -d' ' -f4 "$work/pairs" >"$work/4"
    lowest=$(awk 'NR == 1 || $1 / $3 < m {m = $1 / $3} END {printf "%.1f", m}' "$work/pairs")
    printf '%-10s %-7s %7.1f %10.2f %10.2f %10.2f %10.2f %7.1f %7.1f %5d\n' "$(basename "$file")" "$config" \
      "$(awk -v n="$(stat -c %s "$text")" 'BEGIN {print n / 1e6}')" "$(median <"$work/1")" "$(median <"$work/3")" \
      "$(median <"$work/2")" "$(median <"$work/4")" \
      "$(awk -v a="$(median <"$work/1")" -v b="$(median <"$work/3")" 'BEGIN {print a / b}')" "$lowest" $bar
    awk -v l="$lowest" -v b=$bar 'BEGIN {exit !(l < b)}' && missed=3
  done
done
exit $missed
