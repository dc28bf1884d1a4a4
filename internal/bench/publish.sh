#!/usr/bin/env bash
# Publishing: zhendi, hugo deploy and rclone sync before the same S3 server, undisturbed and with mishaps.
# What is done, and how: publish/main.go. Figures: README.md.
#
#   internal/bench/publish.sh                        # 10,400 files; most of an hour
#   ARTICLES=300 internal/bench/publish.sh           # everything once through, some minutes
#   TOOLS="zhendi publish;hugo deploy" CASES="an article edited" internal/bench/publish.sh
#
# VARS: ARTICLES (default 4240, which make 10,400 files), SEED (where mishaps strike; default 1), TOOLS and CASES (names as in
# the tables, by semicolons; default all; CASES=calm and CASES=mishaps are the two halves), RESULTS (file that keeps figures between runs; the tables are of all; default: in WORK), WORK (a folder to work in; default /dev/shm if it is there, else TMPDIR; 10,400 files take 2 GB;
# extended attributes are needed), ZHENDI, HUGO, RCLONE, VERSITYGW (binaries; default: built from this tree; Hugo's version
# below installed by the Go module proxy, rclone's package of Debian unpacked, both in WORK/bin; the S3 server that .ci/tools installs).
#
# Needs ../shared/bench beside the repository: the generator of articles.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
generator=$root/../shared/bench/corpus
hugoVersion=v0.165.0
gatewayVersion=v1.8.0
[ -d "$generator" ] || { echo "publish.sh: no generator in $generator" >&2; exit 1; }
base=${TMPDIR:-/tmp}
[ -d /dev/shm ] && base=/dev/shm
work=$(realpath -m "${WORK:-$base/zhendi-publish}")
bin=$work/bin
mkdir -p "$bin"
run=$work/run.$$
trap 'rm -rf "$run"' EXIT

hugo=$(realpath -m "${HUGO:-$bin/hugo-$hugoVersion}")
if [ ! -x "$hugo" ]; then
  (cd "$bin" && GOBIN=$bin go install -tags withdeploy "github.com/gohugoio/hugo@$hugoVersion" && mv hugo "$hugo")
fi
gateway=${VERSITYGW:-${ZHENDI_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/zhendi-tools}/bin/versitygw}
if [ ! -x "$gateway" ]; then
  gateway=$bin/versitygw
  [ -x "$gateway" ] || (cd "$bin" && GOBIN=$bin go install "github.com/versity/versitygw/cmd/versitygw@$gatewayVersion")
fi
rclone=${RCLONE:-$(command -v rclone || echo "$bin/rclone/usr/bin/rclone")}
if [ ! -x "$rclone" ]; then
  (cd "$bin" && apt-get download rclone && dpkg -x rclone_*.deb rclone) >&2
fi

# Another zhendi, whose articles may be kept twice as long: what a version that changes headers has to send.
cd "$root"
zhendi=$(realpath -m "${ZHENDI:-$bin/zhendi}")
[ -n "${ZHENDI:-}" ] || go build -o "$zhendi" ./cmd/zhendi
sed '/output.Article:/s/max-age=300/max-age=600/' internal/publish/headers.go >"$bin/headers.go"
printf '{"Replace":{"%s":"%s"}}' "$root/internal/publish/headers.go" "$bin/headers.go" >"$bin/overlay.json"
go build -overlay "$bin/overlay.json" -o "$bin/zhendi-later" ./cmd/zhendi
go build -o "$bin/publish" ./internal/bench/publish
(cd "$generator" && go build -o "$bin/corpus" .)

made="zhendi as given"
if [ -z "${ZHENDI:-}" ]; then
  made="zhendi of commit $(git rev-parse --short HEAD)"
  [ -z "$(git status --porcelain -- cmd internal themes)" ] || made="$made and changes"
fi
echo "$(date +%Y-%m-%d), $(nproc) cores of $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), $(go version | cut -d' ' -f3), $(stat -f -c %T "$work"), $made, $("$hugo" version | cut -d' ' -f1-2), $("$rclone" version | head -1), versitygw $(go version -m "$gateway" | awk '$1 == "mod" { print $3 }')"
echo
"$bin/publish" -work "$run" -articles "${ARTICLES:-4240}" -seed "${SEED:-1}" -results "$(realpath -m "${RESULTS:-$work/results.json}")" -tools "${TOOLS:-}" -cases "${CASES:-}" \
  -bin zhendi="$zhendi" -bin zhendi-later="$bin/zhendi-later" -bin hugo="$hugo" -bin rclone="$rclone" -bin versitygw="$gateway" \
  -bin corpus="$bin/corpus" -bin assets="$root/themes/default/assets"
