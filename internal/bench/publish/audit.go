//go:build linux

package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
)

type sum = [sha256.Size]byte

// walk returns the files below a folder, those in folders whose names begin with a dot left out: of a build that is zhendi's
// lock, of a bucket the server's scratch and what zhendi keeps for itself.
func walk(dir string) (out map[string]sum, size int64, err error) {
	out = map[string]sum{}
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, name)
		out[filepath.ToSlash(rel)] = sha256.Sum256(b)
		size += int64(len(b))
		return err
	})
	return out, size, err
}

// library knows what every page refers to, by the hash of its bytes.
type library struct {
	refs  map[sum][]string
	known map[string]bool // paths of any variant: what a page of a whole build lacks is not the publisher's doing
	bytes map[body]bool   // what any variant has at a path
}

// body is a file's bytes at its path.
type body struct {
	path string
	sum  sum
}

func newLibrary() *library { return &library{map[sum][]string{}, map[string]bool{}, map[body]bool{}} }

// learn reads the pages of a variant.
func (l *library) learn(v *variant) error {
	for p, s := range v.files {
		l.known[p], l.bytes[body{p, s}] = true, true
		if err := l.read(v.out, p, s); err != nil {
			return err
		}
	}
	return nil
}

func (l *library) read(dir, p string, s sum) error {
	if _, done := l.refs[s]; done || !isPage(p) {
		return nil
	}
	b, err := os.ReadFile(filepath.Join(dir, p))
	l.refs[s] = refsIn(b)
	return err
}

var refs = regexp.MustCompile(`(?:href|src)="(/[^"#?]*)`)

// refsIn returns the files that a page refers to.
func refsIn(page []byte) (out []string) {
	seen := map[string]bool{}
	for _, m := range refs.FindAllSubmatch(page, -1) {
		to, err := url.PathUnescape(string(m[1]))
		if err != nil || seen[to] {
			continue
		}
		seen[to] = true
		if strings.HasSuffix(to, "/") {
			to += "index.html"
		}
		out = append(out, to[1:])
	}
	return out
}

func isPage(p string) bool { return strings.HasSuffix(p, ".html") }

// state is what a bucket holds, compared with the build that should be live.
type state struct {
	Missing   int // files of the build that are not there
	Old       int // files of it that have the bytes of another build
	Broken    int // pages a reader reaches from the home page that load a style, script or picture that is not there
	Dead      int // pages a reader finds linked that are not there
	Unlinked  int // pages that no reader finds any more
	Withdrawn int // pages that the build does not have and another had
	Wrong     int // files with bytes of no build
	Foreign   int // files of others, lost or changed
	Headers   int // files with other headers than the publisher is configured for
}

// harmful reports whether readers are worse off than before the publication.
func (s state) harmful() bool { return s.Broken+s.Dead+s.Unlinked+s.Wrong+s.Foreign > 0 }

func (s state) String() string {
	var out []string
	for _, c := range []struct {
		n    int
		what string
	}{{s.Broken, "pages without style"}, {s.Dead, "dead links"}, {s.Unlinked, "pages not linked"}, {s.Wrong, "wrong bytes"}, {s.Missing, "missing"}, {s.Withdrawn, "withdrawn alive"},
		{s.Foreign, "of others lost"}, {s.Headers, "with old headers"}, {s.Old, "old"}} {
		if c.n > 0 {
			out = append(out, number(c.n)+" "+c.what)
		}
	}
	if len(out) == 0 {
		return "–"
	}
	return strings.Join(out, ", ")
}

// audit compares the bucket with the variant that should be live.
func (b *bench) audit(want *variant, cache func(key string) string) (s state, err error) {
	have, _, err := walk(b.gateway.path(""))
	if err != nil {
		return s, err
	}
	for p, is := range want.files {
		switch got, there := have[p]; {
		case !there:
			s.Missing++
		case got == is:
		case b.pages.bytes[body{p, got}]:
			s.Old++
		default:
			s.Wrong++
		}
		if cache != nil && have[p] == is && attribute(b.gateway.path(p), "user.cache-control") != cache(p) {
			s.Headers++
		}
	}
	for p := range have {
		if _, wanted := want.files[p]; !wanted && isPage(p) && b.pages.known[p] {
			s.Withdrawn++
		}
	}
	for p, text := range foreign {
		if have[p] != sha256.Sum256([]byte(text)) {
			s.Foreign++
		}
	}
	s.Foreign -= b.lost
	reached := 0
	reached, s.Broken, s.Dead, err = b.browse(b.gateway.path(""), have)
	s.Unlinked = max(0, want.pages-reached-s.Dead)
	return s, err
}

// browse goes from page to page, from the home page on, as a reader can.
func (b *bench) browse(dir string, have map[string]sum) (reached, broken, dead int, err error) {
	if _, ok := have["index.html"]; !ok {
		return 0, 0, 1, nil
	}
	queue, seen := []string{"index.html"}, map[string]bool{"index.html": true}
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		if err := b.pages.read(dir, p, have[p]); err != nil {
			return 0, 0, 0, err
		}
		whole := true
		for _, to := range b.pages.refs[have[p]] {
			_, there := have[to]
			switch {
			case !b.pages.known[to]:
			case !isPage(to):
				whole = whole && there
			case seen[to]:
			case there:
				seen[to] = true
				queue = append(queue, to)
			default:
				seen[to] = true
				dead++
			}
		}
		if !whole {
			broken++
		}
	}
	return len(seen) - dead, broken, dead, nil
}

func attribute(name, key string) string {
	b := make([]byte, 512)
	n, err := syscall.Getxattr(name, key, b)
	if err != nil {
		return ""
	}
	return string(b[:n])
}

// foreign is what others put into the bucket: counts of views, which each publisher was told of where it can be told, and a form that
// nobody was told of.
var foreign = map[string]string{
	"_views/0.json":    `{"counts":{"aaaaaaaaaa":12}}`,
	"_views/site.json": `{"asOf":"2026-09-30","all":1200}`,
	"form/index.html":  "<!doctype html><title>留言</title>\n",
}

// cacheOf is the Cache-Control that publishers which can tell files apart are configured for.
func cacheOf(later bool) func(string) string {
	return func(p string) string {
		switch {
		case p == "_site/manifest.txt":
			return "no-cache"
		case strings.HasPrefix(p, "_assets/"):
			return "public, max-age=31536000, immutable"
		case strings.HasPrefix(p, "uploads/"):
			return "public, max-age=86400"
		case strings.HasPrefix(path.Base(p), "t20") && isPage(p):
			if later {
				return "public, max-age=600"
			}
			return "public, max-age=300"
		}
		return "public, max-age=60"
	}
}

// number writes one with commas.
func number(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
