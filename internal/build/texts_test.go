package build

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
)

// What becomes of the records while a build reads them does not change what it says of the articles.
func TestTextsWhoseRecordsAreTakenAway(t *testing.T) {
	dir := makeSite(t, map[string]string{
		"site.yaml": inTwo, "content/yw/_index.md": "---\ntitle: 要闻\n---\n",
		"content/yw/a.md": with(page("国家", "正文发展。"), "author: [甲发, 乙]\nsummary: 摘要\n"), "content/yw/b.md": with(page("國家", "發展。"), "lang: zh-Hant\n"),
		"content/yw/c.md": page("丙", "正文。"), "content/yw/c.zh-hant.md": "---\ntitle: 另題\n---\n\n另文。\n",
	})
	load := func(change func(*Options)) *Loaded {
		opt := optionsOf(dir)
		if change != nil {
			change(&opt)
		}
		l, err := Load(t.Context(), opt)
		if err != nil || len(l.Problems) > 0 {
			t.Fatal(err, l.Problems)
		}
		t.Cleanup(func() { l.Close() })
		return l
	}
	faces := func(l *Loaded) (all []any) {
		for _, s := range l.Sites {
			for _, it := range s.Items {
				f := s.Face(it)
				all = append(all, *f.Article, *f.Rare, f.URL, *s.Written(it))
			}
		}
		return all
	}
	want := faces(load(func(o *Options) { o.Forget = true }))
	parts := func() []string {
		list, _ := filepath.Glob(filepath.Join(dir, CacheDir, "cache", "articles", "*"))
		return list
	}
	if load(nil).Close(); len(parts()) == 0 {
		t.Fatal("no records")
	}
	for name, harm := range map[string]func(string) error{
		"left alone": func(string) error { return nil },
		"removed":    os.Remove,
		"emptied":    func(name string) error { return os.Truncate(name, 0) },
		"damaged": func(name string) error {
			b, err := os.ReadFile(name)
			b[len(b)-3] ^= 1
			if err == nil {
				err = os.WriteFile(name, b, 0o666)
			}
			return err
		},
	} {
		for range 2 { // from fresh records, and from what is there then
			l := load(nil)
			for _, p := range parts() {
				if err := harm(p); err != nil {
					t.Fatal(err)
				}
			}
			if got := faces(l); !reflect.DeepEqual(got, want) {
				t.Errorf("records %s:\n%+v\nnot\n%+v", name, got, want)
			}
			l.Close()
		}
		load(nil).Close()
		l := load(nil)
		for i, x := range l.texts.of {
			if _, ok := l.texts.blob(x); !ok {
				t.Errorf("records %s: %s is parsed again, now and ever", name, l.in.Articles[i].Path)
			}
		}
		l.Close()
	}
}

func TestTextsThatCannotBeReadAgainAreProblems(t *testing.T) {
	dir := makeSite(t, map[string]string{"site.yaml": inTwo, "content/yw/_index.md": "---\ntitle: 要闻\n---\n", "content/yw/a.md": page("甲", "正文。")})
	l, err := Load(t.Context(), optionsOf(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, name := range []string{filepath.Join(dir, CacheDir, "cache", "articles", "1-0"), filepath.Join(dir, "content/yw/a.md")} {
		if err := os.Truncate(name, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "content/yw/a.md")); err != nil {
		t.Fatal(err)
	}
	if text := l.in.Text(0); text.ID == "" || len(l.texts.lost) != 1 {
		t.Errorf("%+v %v", text, l.texts.lost)
	}
}

// A damaged record costs that the article is parsed again, and nothing else.
func TestDamagedRecordIsMadeAgain(t *testing.T) {
	dir := makeSite(t, map[string]string{"site.yaml": inTwo, "content/yw/_index.md": "---\ntitle: 要闻\n---\n",
		"content/yw/a.md": page("甲", "正文。"), "content/yw/b.md": page("乙", "正文。"), "content/yw/c.md": page("丙", "正文。")})
	buildSite(t, dir, nil)
	name := filepath.Join(dir, CacheDir, "cache", "articles", "1-0")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-3] ^= 1
	if err := os.WriteFile(name, b, 0o666); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "content/yw/a.md", page("丁", "正文。"))
	buildSite(t, dir, nil)
	l, err := Load(t.Context(), optionsOf(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if l.memory.dir == "" {
		t.Error("nothing is remembered any more")
	}
	for i, at := range l.texts.of {
		if _, ok := l.texts.blob(at); !ok || at.blob != "" {
			t.Errorf("no record of %s", l.in.Articles[i].Path)
		}
	}
}

func TestDeskThatCannotBeOpenedHoldsNoFile(t *testing.T) {
	dir := makeSite(t, map[string]string{"site.yaml": inTwo, "content/yw/_index.md": "---\ntitle: 要闻\n---\n", "content/yw/a.md": page("甲", "正文。")})
	buildSite(t, dir, nil)
	put(t, dir, "content/yw/b.md", page("乙", "正文。"))
	ctx, cancel := context.WithCancel(t.Context())
	opt := optionsOf(dir)
	opt.Progress = func(s Stage, _, _ int) {
		if s == Parsing {
			cancel()
		}
	}
	if _, err := OpenDesk(ctx, opt); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip(err)
	}
	for _, f := range open {
		if at, _ := os.Readlink("/proc/self/fd/" + f.Name()); strings.HasPrefix(at, dir) {
			t.Errorf("%s is open", at)
		}
	}
}

// lapsing is a context that is cancelled when its error has been asked for so many times.
type lapsing struct {
	context.Context
	asked atomic.Int64
	after int64
}

func (c *lapsing) Err() error {
	if c.asked.Add(1) > c.after {
		return context.Canceled
	}
	return nil
}

func TestLoadIsNeverCancelledUnsaid(t *testing.T) {
	dir := makeSite(t, map[string]string{"site.yaml": inTwo, "content/yw/_index.md": "---\ntitle: 要闻\n---\n", "content/yw/a.md": page("甲", "正文。")})
	for n := int64(0); ; n++ {
		ctx := &lapsing{Context: t.Context(), after: n}
		l, err := Load(ctx, optionsOf(dir))
		if err != nil {
			continue
		}
		l.Close()
		if len(l.in.Articles) != 1 {
			t.Errorf("cancelled when asked %d times: %d articles, no error", n, len(l.in.Articles))
		}
		if ctx.asked.Load() < n {
			return
		}
	}
}
