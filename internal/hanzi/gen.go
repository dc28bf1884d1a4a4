//go:build ignore

// Gen writes tables.bin from the dictionaries in data: go generate ./internal/hanzi
package main

import (
	"log"
	"os"

	"zhendi/internal/hanzi/pack"
)

func main() {
	data := os.DirFS("data")
	header, err := pack.Header(data)
	if err != nil {
		log.Fatal(err)
	}
	b, err := pack.Build(data, header)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("tables.bin", b, 0o666); err != nil {
		log.Fatal(err)
	}
}
