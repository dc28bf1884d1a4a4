//go:build linux

// Command publish compares zhendi publish with hugo deploy and rclone sync: the same files, the same
// S3 server, the same mishaps. publish.sh builds and installs what it needs and starts it.
//
// The site is built by zhendi from the generator's articles, with changes that happen to a portal (site.go); all
// publishers send the bytes of that build, each configured as well as its manual allows (tools.go). Their requests pass through a
// proxy that counts and disturbs (proxy.go). What they leave in the bucket is read from the server's disk, behind the back of
// everybody, and held against the build (audit.go). A reader without an account walks the site meanwhile (reader.go).
//
// For each publisher the site is published once; every case (cases.go) begins with a copy of that bucket. After a mishap the state
// is looked at, then the same publication runs once more, undisturbed, and the state is looked at again.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// bench is one comparison.
type bench struct {
	work     string
	bin      map[string]string // programs, by name
	articles int
	seed     uint64

	gateway  *gateway
	proxy    *proxy
	variants map[string]*variant
	pages    *library
	lost     int // files of others that the first publication removed
	log      io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := compare(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "publish:", err)
		os.Exit(1)
	}
}

// choice is what of it is wanted.
type choice struct{ results, tools, cases string }

func flags() (b *bench, c choice) {
	b = &bench{bin: map[string]string{}, log: os.Stderr}
	flag.StringVar(&b.work, "work", "", "folder to work in")
	flag.IntVar(&b.articles, "articles", 4240, "number of articles; 4240 make 10,400 files")
	flag.Uint64Var(&b.seed, "seed", 1, "where mishaps strike")
	flag.StringVar(&c.results, "results", "", "file that keeps figures")
	flag.StringVar(&c.tools, "tools", "", "publishers, by semicolons; empty: all")
	flag.StringVar(&c.cases, "cases", "", "names of cases, or calm, or mishaps; empty: all")
	flag.Func("bin", "NAME=FILE of a program; repeated", func(s string) error {
		name, file, ok := strings.Cut(s, "=")
		if !ok {
			return errors.New("NAME=FILE")
		}
		b.bin[name] = file
		return nil
	})
	flag.Parse()
	return b, c
}

func compare(ctx context.Context) (err error) {
	b, c := flags()
	if b.gateway, err = startGateway(b.bin["versitygw"], filepath.Join(b.work, "server")); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.gateway.stop()) }()
	if b.proxy, err = startProxy(b.gateway.address); err != nil {
		return err
	}
	defer b.proxy.close()
	if err := b.makeVariants(); err != nil {
		return err
	}
	var all results
	site := fmt.Sprintf("%s files, %s, seed %d.", number(len(b.variants["first"].files)), size(b.variants["first"].bytes), b.seed)
	if err := all.load(c.results, site); err != nil {
		return err
	}
	for _, t := range tools {
		if c.tools != "" && !slices.Contains(strings.Split(c.tools, ";"), t.name) {
			continue
		}
		err := b.compareTool(ctx, t, c.cases, func(r result) error { return all.add(c.results, r) })
		if err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	report(os.Stdout, site, &all)
	return nil
}

// compareTool runs all cases with one publisher.
func (b *bench) compareTool(ctx context.Context, t tool, which string, add func(result) error) error {
	for _, c := range cases {
		if !c.wanted(t, which) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := b.runCase(ctx, t, c)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		fmt.Fprintln(b.log, r.line())
		if err := add(r); err != nil {
			return err
		}
	}
	return nil
}
