package build

import (
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"zhendi/internal/output"
	"zhendi/themes"
)

// However long looking at the output takes, no file is put in place meanwhile, though no page asks what was seen.
func TestNothingIsReplacedWhileItIsLookedAt(t *testing.T) {
	dir := makeSite(t, map[string]string{"site.yaml": keptSettings, "content/yw/_index.md": "---\ntitle: 要闻\n---\n", "content/yw/a.md": page("甲", "正文。")})
	synctest.Test(t, func(t *testing.T) {
		looked, written := false, false
		opt := Options{Source: dir, Out: filepath.Join(dir, "public"), Themes: themes.FS, Version: "test",
			Now: func(*time.Location) (time.Time, error) { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), nil },
			Progress: func(s Stage, _, _ int) {
				if s == Writing {
					if written = true; !looked {
						t.Error("files are put in place while others are looked at")
					}
				}
			}}
		l, err := open(opt)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		tx, err := output.Open(t.Context(), opt.Out, output.Options{As: "build"})
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Abort()
		var s standing
		s.done.Go(func() { time.Sleep(time.Hour); looked = true })
		if err := l.model(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := l.render(t.Context(), tx, &s); err != nil {
			t.Fatal(err)
		}
		s.wait()
		if !written {
			t.Error("nothing was written")
		}
	})
}
