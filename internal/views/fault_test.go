package views

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// scene is a ledger with a past, and what is done to it next.
type scene struct {
	name string
	do   func(d disk) error
}

// stage makes a ledger with an open day, a closed one, a day that is due, months and an import, and
// returns what comes next, and the totals before and after all of it.
func stage(t *testing.T, dir string) (s Settings, scenes []scene) {
	r := rand.New(rand.NewPCG(7, 7))
	s = settings(dir, writeCatalogue(t, dir, 8), start)
	hits, _ := randomHits(r, 300, 8, 4)
	old := hits[:100]
	for i := range old {
		old[i].at = old[i].at.Add(-100 * 24 * time.Hour)
	}
	s.most = 20 // views go to disk on the way
	s.Now = start.Add(-96 * 24 * time.Hour)
	mustIngest(t, s, Input{Logs: []string{put(t, filepath.Join(dir, "old.log"), lineText(old))}})
	s.Now = start.Add(24 * time.Hour) // closes the old days and folds them
	mustIngest(t, s, Input{Logs: []string{put(t, filepath.Join(dir, "1.log"), lineText(hits[100:200]))}})
	if _, err := Import(t.Context(), s, "cms", "cms.csv", strings.NewReader("/old/1/,1000\n/old/2/,5,2026-11-17\n")); err != nil {
		t.Fatal(err)
	}
	s.Now = start.Add(4 * 24 * time.Hour) // closes the first day
	two := put(t, filepath.Join(dir, "2.log"), lineText(hits[200:]))
	side := Sidecar{Out: filepath.Join(dir, "_views"), Shards: 2, Editions: []Edition{{"zh-Hans", ""}, {"zh-Hant", "hant"}}}
	return s, []scene{
		{"ingest", func(d disk) error {
			_, err := ingestOn(t.Context(), d, s, Input{Logs: []string{two}})
			return err
		}},
		{"import", func(d disk) error {
			_, err := importOn(d, s, "cms", "cms.csv", strings.NewReader("/old/1/,1500\n/old/3/,7\n"))
			return err
		}},
		{"write", func(d disk) error {
			l, err := load(d, s.Ledger)
			if err != nil {
				return err
			}
			if l == nil {
				return errors.New("no ledger")
			}
			_, err = l.writeSidecar(s.Catalogue, side)
			return err
		}},
	}
}

// tree returns the names and bytes of all files below a folder, as one text.
func tree(t *testing.T, dir string) string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return ""
		}
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range list {
		body, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %q\n", e.Name(), body)
	}
	return b.String()
}

// A fault at any file operation, a kill, a full disk or a broken one, loses no view and doubles none: the run
// that comes after it ends as if it had not been.
func TestFaultAtEveryOperation(t *testing.T) {
	type end struct {
		counts  map[ID]int64
		sidecar string
	}
	run := func(t *testing.T, dir string, scenes []scene, s Settings, broken int, f *fault) end {
		for i, sc := range scenes {
			if i == broken {
				err, dead := f.do(sc.do)
				if f.n < f.at {
					t.Skip("no such operation")
				}
				if err == nil && !dead && f.err != nil && sc.name != "write" && f.at == f.n {
					t.Logf("%s: operation %d failed unnoticed", sc.name, f.at) // cleaning up may be left to the next run
				}
				if h, err := Examine(t.Context(), s); err != nil || len(h.Damage) > 0 {
					t.Fatalf("%s: after a fault at operation %d: %v %v", sc.name, f.at, err, h.Damage)
				}
			}
			if err := sc.do(system()); err != nil {
				t.Fatalf("%s: %v", sc.name, err)
			}
		}
		return end{counted(t, s), tree(t, filepath.Join(dir, "_views"))}
	}
	dir := memory(t)
	s, scenes := stage(t, dir)
	want := run(t, dir, scenes, s, -1, nil)
	if len(want.counts) != 8 || !strings.Contains(want.sidecar, "hot-week.hant.json") {
		t.Fatalf("%+v", want)
	}
	total := 0
	for broken, sc := range scenes {
		for _, err := range []error{nil, syscall.ENOSPC, syscall.EIO} {
			for at, more := 1, true; more; at++ {
				f := &fault{at: at, err: err}
				dir := memory(t)
				s, scenes := stage(t, dir)
				ok := t.Run(fmt.Sprintf("%s at %d, %v", sc.name, at, err), func(t *testing.T) {
					got := run(t, dir, scenes, s, broken, f)
					if !same(got.counts, want.counts) {
						t.Errorf("got %v\nwant %v", got.counts, want.counts)
					}
					if got.sidecar != want.sidecar {
						t.Errorf("sidecar:\n%s\nwant\n%s", got.sidecar, want.sidecar)
					}
				})
				os.RemoveAll(dir)
				more = f.n >= f.at && ok
				total++
			}
		}
	}
	t.Logf("%d faults", total-9)
}

// A key that is no longer needed is overwritten before it is removed.
func TestKeyIsDestroyed(t *testing.T) {
	dir := memory(t)
	s, scenes := stage(t, dir)
	l, err := load(system(), s.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	first, _ := parseDay("2026-11-16")
	key := l.days[first].key
	before, err := os.ReadFile(filepath.Join(s.Ledger, key.name))
	if err != nil || len(before) != keySize {
		t.Fatal(before, err)
	}
	d := system()
	overwritten := false
	d.remove = func(name string) error {
		if filepath.Base(name) == key.name {
			b, err := os.ReadFile(name)
			overwritten = err == nil && string(b) == string(make([]byte, keySize))
		}
		return os.Remove(name)
	}
	if err := scenes[0].do(d); err != nil {
		t.Fatal(err)
	}
	if !overwritten {
		t.Error("the key was not overwritten")
	}
	if strings.Contains(tree(t, s.Ledger), fmt.Sprintf("%q", before)) {
		t.Error("the key is still there")
	}
	l, err = load(system(), s.Ledger)
	if err != nil || !l.days[first].closed || l.days[first].total == 0 {
		t.Errorf("%+v %v", l.days[first], err)
	}
}

// What is damaged is said, and nothing is counted or written from it.
func TestDamageIsSaid(t *testing.T) {
	dir := memory(t)
	s, scenes := stage(t, dir)
	list, err := os.ReadDir(s.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		name := filepath.Join(s.Ledger, e.Name())
		good, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		flipped := []byte(string(good))
		flipped[len(flipped)/2] ^= 1
		for kind, bad := range map[string][]byte{"flipped": flipped, "short": good[:len(good)/2], "empty": {}, "gone": nil} {
			if bad == nil {
				os.Remove(name)
			} else if err := os.WriteFile(name, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			h, err := Examine(t.Context(), s)
			if err == nil && len(h.Damage) == 0 {
				t.Errorf("%s %s: doctor finds nothing", e.Name(), kind)
			}
			err = scenes[2].do(system())
			var ve *Error
			if !errors.As(err, &ve) && !strings.HasPrefix(e.Name(), "key-") {
				t.Errorf("%s %s: write says %v", e.Name(), kind, err)
			}
			if tree(t, filepath.Join(dir, "_views")) != "" && !strings.HasPrefix(e.Name(), "key-") {
				t.Fatalf("%s %s: the sidecar was written", e.Name(), kind)
			}
			os.RemoveAll(filepath.Join(dir, "_views"))
			if err := os.WriteFile(name, good, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
