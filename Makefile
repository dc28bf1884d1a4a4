# make test     all tests, as CI runs them in short form; installs what they need
# make torture  the long forms of fault, fuzz and soak tests; SEED and N may be set
# make bench    benchmarks beside the code
# make tools    what browser and validator tests need

SEED ?= $(shell date +%s)
N    ?= 60s
RACE  = ./internal/build ./internal/output ./internal/publish ./internal/qr ./internal/hanzi ./internal/article ./internal/template ./internal/check

.PHONY: test torture bench tools

test: tools
	go vet ./...
	go test ./...
	go test -race -short $(RACE)

tools:
	@sh .ci/tools

torture:
	@echo "seed $(SEED), $(N) for each fuzz target"
	ZHENDI_TORTURE=$(SEED) go test -count=1 -timeout 60m ./internal/output ./internal/build ./internal/portal ./internal/publish
	@set -e; for p in $$(grep -rl --include='*_test.go' 'func Fuzz' internal | xargs -n1 dirname | sort -u); do \
	  for f in $$(grep -ho 'func Fuzz[A-Za-z0-9]*' $$p/*_test.go | cut -c6-); do \
	    echo "fuzz $$p $$f $(N)"; go test ./$$p -run '^$$' -fuzz "^$$f$$" -fuzztime $(N); done; done

bench:
	go test -run '^$$' -bench . -benchmem ./internal/...
