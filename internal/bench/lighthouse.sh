#!/usr/bin/env bash
# What Lighthouse says of the sample portal on a telephone: home page, column, article. Accessibility, best practices
# and SEO must be 100 and nothing may shift (CLS 0); performance is reported.
#
#   internal/bench/lighthouse.sh
#
# VARS: RUNS (of each page, default 3; the median counts), WORK (a folder to work in; default below TMPDIR; removed at
# the end), ZHENDI (a binary; default: built from this tree), REPORTS (a folder for the last report of each page as HTML).
#
# Needs what .ci/tools installs: Lighthouse, Chromium. The site is served from this machine, compressed, with counts of
# views and lists of the most viewed as `zhendi views` would write them. Exit status 3 if a bar is missed.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
tools=${ZHENDI_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/zhendi-tools}
[ -d "$tools/node_modules/lighthouse" ] || { echo "lighthouse.sh: no Lighthouse in $tools: run .ci/tools" >&2; exit 1; }
browser=$(command -v chromium || command -v google-chrome) || { echo "lighthouse.sh: no Chromium" >&2; exit 1; }
work=${WORK:-${TMPDIR:-/tmp}}/lighthouse.$$
mkdir -p "$work/site"
trap 'rm -rf "$work"' EXIT
zhendi=${ZHENDI:-$work/zhendi}
[ -n "${ZHENDI:-}" ] || (cd "$root" && go build -o "$zhendi" ./cmd/zhendi)
cp -r "$root/content" "$root/site.yaml" "$work/site/"
grep -q '^views:' "$work/site/site.yaml" || printf 'views: {shards: 4}\n' >> "$work/site/site.yaml"
sed -i 's/^hot: .*/hot: views/' "$work/site/site.yaml"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$zhendi" build --source "$work/site" --out "$work/public" --base-url "http://127.0.0.1:$port/" >/dev/null
cp "$root/internal/bench/lighthouse.mjs" "$work/"
ln -s "$tools/node_modules" "$work/node_modules"
cd "$work"
SITE=$work/site OUT=$work/public PORT=$port RUNS=${RUNS:-3} CHROME_PATH=$browser REPORTS=${REPORTS:-} node lighthouse.mjs
