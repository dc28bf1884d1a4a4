# make test     all tests, as CI runs them in short form; installs what they need
# make torture  the long forms of fault, fuzz and soak tests; SEED and N may be set
# make drill    three incidents on the sample portal, with the commands that end them and their times
# make bench    benchmarks beside the code
# make tools    what browser and validator tests need
# make cross    vet for every system that there are binaries for
# make dist     those binaries, with their checksums, in dist: the same bytes wherever they are made with the same Go

SEED ?= $(shell date +%s)
N    ?= 60s
RACE  = ./internal/build ./internal/output ./internal/publish ./internal/qr ./internal/hanzi ./internal/article ./internal/template ./internal/check ./internal/serve

PLATFORMS = linux/amd64 linux/arm64 linux/loong64 windows/amd64 darwin/arm64

.PHONY: test torture drill bench tools cross dist

test: tools
	go vet ./...
	go test ./...
	go test -race -short $(RACE)

tools:
	@sh .ci/tools

torture:
	@echo "seed $(SEED), $(N) for each fuzz target"
	ZHENDI_TORTURE=$(SEED) go test -count=1 -timeout 60m ./internal/output ./internal/build ./internal/portal ./internal/publish ./internal/serve ./internal/redirects
	@set -e; for p in $$(grep -rl --include='*_test.go' 'func Fuzz' internal | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -ho 'func Fuzz[A-Za-z0-9]*' $$p/*_test.go | cut -c6-); do \
	    echo "fuzz $$p $$f $(N)"; go test ./$$p -run '^$$' -fuzz "^$$f$$" -fuzztime $(N); done; done

drill: tools
	@ZHENDI_DRILL=1 CI=true go test -count=1 -v -run '^TestDrill$$' ./cmd/zhendi

bench:
	go test -run '^$$' -bench . -benchmem ./internal/...

cross:
	@set -e; for p in $(PLATFORMS); do \
	  CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} go vet ./cmd/... ./internal/... ./themes/...; done

dist:
	@rm -rf dist && mkdir dist
	@set -e; for p in $(PLATFORMS); do \
	  out=dist/zhendi-$${p%/*}-$${p#*/}; [ $${p%/*} = windows ] && out=$$out.exe; \
	  CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} GOAMD64=v1 GOARM64=v8.0 GOFLAGS= \
	    go build -trimpath -buildvcs=false -ldflags='-s -w -buildid=' -o $$out ./cmd/zhendi; done
	@cd dist && sha256sum zhendi-* > SHA256SUMS && cat SHA256SUMS
