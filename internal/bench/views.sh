#!/usr/bin/env bash
# Counting views: speed against GoAccess, and memory on a long log.
#
#   internal/bench/views.sh speed       # a million lines, a million readers, 100,000 agents
#   internal/bench/views.sh memory      # 100 million lines over 100 days, a million pages
#
# VARS: LINES, RUNS (of each, default 3; GoAccess 1), WORK (a folder to work in; default below /dev/shm for
# speed, below TMPDIR for memory, which needs 5 GB), ZHENDI (a binary; default: built from this tree).
#
# The log is made up by viewslog.go from a seed. zhendi runs on one core (taskset), GoAccess as it
# comes, with its database kept (--persist). Lines per second are of CPU time (user and system), so
# that others who use the machine do not count; wall time stands beside it. Exit status 3 if a bar
# is missed: 1,000,000 lines/s, 20 times GoAccess, 200 MB.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd) root=$(cd "$(dirname "$0")/../.." && pwd)
what=${1:-speed} runs=${RUNS:-3}
base=${TMPDIR:-/tmp}
[ "$what" = speed ] && [ -d /dev/shm ] && base=/dev/shm
work=$(mktemp -d "${WORK:-$base}/views.XXXXXX")
trap 'rm -rf "$work"' EXIT
(cd "$here" && go build -o "$work/gen" viewslog.go)
zhendi=${ZHENDI:-$work/zhendi}
[ -n "${ZHENDI:-}" ] || (cd "$root" && go build -o "$zhendi" ./cmd/zhendi)
cd "$work"
mkdir -p site/.zhendi
printf 'name: 示例党建网\nbaseURL: https://bench.example/\nviews: {}\n' >site/site.yaml
# timed COMMAND…: prints wall seconds, CPU seconds, peak memory in MB
cat >timed.py <<'P'
import resource, subprocess, sys, time
t = time.time()
code = subprocess.call(sys.argv[1:], stdout=open("out.txt", "w"), stderr=subprocess.STDOUT)
r = resource.getrusage(resource.RUSAGE_CHILDREN)
if code != 0:
    sys.exit(open("out.txt").read())
print("%.2f %.2f %.1f" % (time.time() - t, r.ru_utime + r.ru_stime, r.ru_maxrss / 1024))
P
timed() { python3 timed.py "$@"; }
case $what in
speed)
  n=${LINES:-1000000}
  ./gen -lines "$n" -catalogue site/.zhendi/catalogue.json >access.log
  echo "$n lines, $(stat -c %s access.log | awk '{printf "%.0f MB", $1 / 1e6}'), $(cut -d'"' -f6 access.log | sort -u | wc -l) agents, $(cut -d' ' -f1 access.log | sort -u | wc -l) addresses"
  for ((k = 0; k < runs; k++)); do
    rm -rf site/views
    GOMAXPROCS=1 timed taskset -c 0 "$zhendi" views ingest --source site --now 2026-06-02 access.log >>zhendi.times
  done
  cat out.txt
  if command -v goaccess >/dev/null; then
    mkdir db
    timed goaccess access.log --log-format=COMBINED --persist --db-path="$PWD/db" --no-global-config -o report.json >goaccess.times
  else
    echo "goaccess is not installed: no comparison" >&2
  fi
  awk -v n="$n" 'FILENAME == "zhendi.times" { w[++k] = $1; c[k] = $2; m = $3 > m ? $3 : m; next } { gw = $1; gc = $2; gm = $3 }
    END {
      asort_(c, k); asort_(w, k); cm = c[int((k + 1) / 2)]; wm = w[int((k + 1) / 2)]
      printf "%-10s %8s %8s %14s %8s\n", "", "wall s", "cpu s", "lines/cpu s", "MB"
      printf "%-10s %8.2f %8.2f %14.0f %8.0f   (medians of %d; best cpu %.2f s)\n", "zhendi", wm, cm, n / cm, m, k, c[1]
      if (gc) { printf "%-10s %8.2f %8.2f %14.0f %8.0f\n", "goaccess", gw, gc, n / gc, gm; printf "ratio: %.1f in cpu time, %.1f in wall time\n", gc / cm, gw / wm }
      exit n / cm < 1e6 || gc && gc / cm < 20 ? 3 : 0
    }
    function asort_(a, n,   i, j, t) { for (i = 2; i <= n; i++) { t = a[i]; for (j = i - 1; j > 0 && a[j] > t; j--) a[j + 1] = a[j]; a[j + 1] = t } }' zhendi.times $([ -f goaccess.times ] && echo goaccess.times)
  ;;
memory)
  n=${LINES:-100000000}
  ./gen -lines 1 -paths 1000000 -catalogue site/.zhendi/catalogue.json >/dev/null
  echo "$n lines over 100 days, 1,000,000 pages; catalogue of $(stat -c %s site/.zhendi/catalogue.json | awk '{printf "%.0f MB", $1 / 1e6}')"
  ./gen -lines "$n" -paths 1000000 -days 100 | timed "$zhendi" views ingest --source site --now 2026-09-10 - >times
  cat out.txt
  echo "ledger: $(du -sm site/views | cut -f1) MB on disk while the days are open"
  timed "$zhendi" views write --source site --now 2026-09-10 >write.times
  awk -v n="$n" 'FILENAME == "times" { printf "ingest: %.0f s wall, %.0f s cpu, %.0f lines/s, peak %.0f MB\n", $1, $2, n / $1, $3; peak = $3; next }
    { printf "write: %.1f s wall, peak %.0f MB\n", $1, $3 } END { exit peak > 200 ? 3 : 0 }' times write.times
  ;;
*) echo "views.sh: speed or memory" >&2; exit 2 ;;
esac
