// Package internal holds the rules of the house as tests.
package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors says which of our packages each package may import. It is a statement of
// policy: imports go one way. DO NOT CHANGE IT TO MAKE A BUILD PASS; change it, in a
// commit of its own, when the house changes, and internal/README.md with it.
var floors = map[string]string{
	// the ground: pure, knowing nothing of sites
	"internal/diag":     "",
	"internal/qr":       "",
	"internal/hanzi":    "internal/diag",
	"internal/fields":   "internal/diag",
	"internal/config":   "internal/diag internal/fields internal/hanzi",
	"internal/cache":    "",
	"internal/pictures": "internal/cache internal/diag",
	"internal/template": "",
	"themes":            "",
	// the stages, in order
	"internal/source":  "internal/diag",
	"internal/article": "internal/diag internal/fields internal/hanzi",
	"internal/site":    "internal/article internal/config internal/diag internal/fields internal/hanzi internal/source",
	"internal/output":  "internal/diag",
	"internal/render":  "internal/article internal/config internal/diag internal/output internal/qr internal/site internal/source internal/template",
	// the driver
	"internal/build": "internal/article internal/cache internal/config internal/diag internal/fields internal/hanzi internal/output internal/pictures internal/render internal/site internal/source",
	// the leaves
	"internal/check":   "internal/article internal/config internal/diag internal/fields internal/hanzi internal/site internal/source",
	"internal/publish": "internal/diag internal/output",
	"internal/serve":   "internal/article internal/build internal/diag internal/output internal/source",
	// the leaves: a command each
	"internal/views":     "internal/diag internal/output",
	"internal/redirects": "internal/diag",
	// generators and whole-portal tests
	"internal/hanzi/pack": "internal/hanzi",
	"internal/portal":     "",
	// benchmarks: programs beside zhendi, which import no stage of it
	"internal/bench/floor":   "internal/hanzi internal/qr",
	"internal/bench/publish": "",
	"internal/bench/scale":   "",
	// the command may import anything
	"cmd/zhendi": "*",
}

// thirdParty says which package may import which module from elsewhere: each dependency
// stands behind one package. Tests may use more.
var thirdParty = map[string]string{
	"github.com/yuin/goldmark":           "internal/article internal/bench/floor",
	"github.com/alecthomas/chroma":       "internal/article",
	"github.com/go-enry/go-enry":         "internal/article",
	"github.com/microcosm-cc/bluemonday": "internal/article",
	"golang.org/x/net":                   "internal/article internal/check internal/publish internal/render",
	"go.yaml.in/yaml":                    "internal/fields internal/render internal/bench/floor",
	"github.com/tdewolff/minify":         "internal/render",
	"golang.org/x/image":                 "internal/pictures",
	"golang.org/x/text":                  "internal/diag internal/source internal/site internal/article internal/output internal/check",
	"github.com/minio/minio-go":          "internal/publish",
	"github.com/andybalholm/brotli":      "internal/publish",
	"golang.org/x/sys":                   "internal/output internal/source",
	"github.com/fsnotify/fsnotify":       "internal/serve",
	"golang.org/x/term":                  "cmd/zhendi",
}

func TestFloors(t *testing.T) {
	seen := map[string]bool{}
	for pkg, imports := range packages(t) {
		seen[pkg] = true
		allowed, known := floors[pkg]
		if !known {
			t.Errorf("%s stands on no floor: add it to the table and to internal/README.md", pkg)
			continue
		}
		for file, paths := range imports {
			for _, p := range paths {
				own, ours := strings.CutPrefix(p, "zhendi/")
				switch {
				case ours && allowed != "*" && !slices.Contains(strings.Fields(allowed), own):
					t.Errorf("%s: %s may not import %s", file, pkg, own)
				case !ours && strings.Contains(strings.Split(p, "/")[0], "."):
					external(t, file, pkg, p)
				}
			}
		}
	}
	for pkg := range floors {
		if !seen[pkg] {
			t.Errorf("%s is in the table but not in the tree", pkg)
		}
	}
}

func external(t *testing.T, file, pkg, path string) {
	for mod, who := range thirdParty {
		if path == mod || strings.HasPrefix(path, mod+"/") {
			if !slices.Contains(strings.Fields(who), pkg) {
				t.Errorf("%s: only %s may import %s", file, who, mod)
			}
			return
		}
	}
	t.Errorf("%s: %s is a dependency that the table does not name", file, path)
}

// packages returns the imports of every package, by file, tests left out. It reads the files
// itself: the test cache would not notice a change seen through another program.
func packages(t *testing.T) map[string]map[string][]string {
	t.Helper()
	out := map[string]map[string][]string{}
	root := ".."
	for _, top := range []string{"cmd", "internal", "themes"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(p string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), "_")) {
				return filepath.SkipDir
			}
			if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
				return nil
			}
			src, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			if strings.Contains(string(src), "//go:build ignore") {
				return nil
			}
			f, err := parser.ParseFile(token.NewFileSet(), p, src, parser.ImportsOnly)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, filepath.Dir(p))
			if err != nil {
				return err
			}
			pkg := filepath.ToSlash(rel)
			if out[pkg] == nil {
				out[pkg] = map[string][]string{}
			}
			for _, i := range f.Imports {
				path, err := strconv.Unquote(i.Path.Value)
				if err != nil {
					return err
				}
				out[pkg][p] = append(out[pkg][p], path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestNoInit holds the house's rule: no init functions, so that starting costs nothing that is
// not asked for.
func TestNoInit(t *testing.T) {
	for _, imports := range packages(t) {
		for file := range imports {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains("\n"+string(src), "\nfunc init()") {
				t.Errorf("%s has an init function", file)
			}
		}
	}
}
