package pictures

import (
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
)

func TestCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pictures")
	turned := withSegments(jpegOf(t, photograph(700, 500)), segment(0xe1, "Exif\x00\x00", string(exif(6))))
	p := mustRead(t, "a.jpg", turned)
	want := mustMake(t, p)
	if want.Upright == nil || len(want.Versions) < 2 {
		t.Fatal("the example is too plain")
	}
	get := func(c *Cache) Set {
		t.Helper()
		set, problem := c.Set(p)
		if problem != nil {
			t.Fatal(problem.Message(1))
		}
		return set
	}
	if c := NewCache(dir); !reflect.DeepEqual(get(c), want) || c.Made() != 1 {
		t.Errorf("first: made %d", c.Made())
	}
	c := NewCache(dir)
	if !reflect.DeepEqual(get(c), want) || c.Made() != 0 {
		t.Errorf("again: made %d", c.Made())
	}
	facts, ok := c.Known(p.Sum())
	if !ok || facts.Format != JPEG || facts.Width != want.Width || facts.Upright == nil || len(facts.Versions) != len(want.Versions) || len(facts.Versions[0].Body) != 0 || facts.Versions[0].Width != 320 {
		t.Errorf("without bodies: %+v", facts)
	}

	// Whatever happens to the files, the set is right.
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		whole, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		flipped := append([]byte{}, whole...)
		flipped[len(whole)/2] ^= 1
		for _, b := range [][]byte{nil, whole[:len(whole)-1], flipped} {
			if err := os.WriteFile(f, b, 0o644); err != nil {
				t.Fatal(err)
			}
			if c := NewCache(dir); !reflect.DeepEqual(get(c), want) || c.Made() != 1 {
				t.Errorf("%s damaged: made %d", filepath.Base(f), c.Made())
			}
		}
	}

	// What nobody asked for goes, but nothing that is not ours.
	other := mustRead(t, "b.jpg", jpegOf(t, photograph(400, 300)))
	c = NewCache(dir)
	if _, problem := c.Set(other); problem != nil {
		t.Fatal(problem.Message(1))
	}
	if err := os.WriteFile(filepath.Join(dir, "README"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	c.Prune()
	left, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(left) != 3 {
		t.Errorf("left: %v", left)
	}
	if c := NewCache(dir); !reflect.DeepEqual(get(c), want) || c.Made() != 1 {
		t.Error("a pruned picture is not made again")
	}
}

// A folder that cannot be written costs time and nothing else. Many ask at once.
func TestCacheInNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	c := NewCache(filepath.Join(file, "pictures"))
	p := mustRead(t, "a.jpg", jpegOf(t, photograph(400, 300)))
	want := mustMake(t, p)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if set, problem := c.Set(p); problem != nil || !reflect.DeepEqual(set, want) {
				t.Error("another set")
			}
		})
	}
	wg.Wait()
	c.Prune()
}
