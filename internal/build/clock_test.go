package build

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/site"
	"zhendi/themes"
)

// clockSite has articles that come, go and are no longer pinned, some at one instant, and some that
// never do what their dates say.
var clockSite = map[string]string{
	"site.yaml":               "name: 云岫党建网\nbaseURL: https://t.example/\npageSize: 5\neditions: [zh-Hans, zh-Hant]\n",
	"content/a/_index.md":     "---\ntitle: 要闻\n---\n",
	"content/a/b/_index.md":   "---\ntitle: 动态\n---\n",
	"content/z/_index.md":     "---\ntitle: 专题\nlayout: topic\n---\n",
	"content/n/_index.md":     "---\ntitle: 内部\naudience: internal\n---\n",
	"content/a/always.md":     clockPage("date: 2026-01-01 08:00", "一直在"),
	"content/a/scheduled.md":  clockPage("date: 2026-01-02 08:00\npublishDate: 2026-03-01 08:30", "定时"),
	"content/a/future.md":     clockPage("date: 2026-03-05 00:00\ntags: [党建]\nseries: 系列", "日期在后"),
	"content/a/b/day.md":      clockPage("date: 2026-03-07\nalsoIn: [a]\ntopics: [z]", "只写日期"),
	"content/a/expires.md":    clockPage("date: 2026-01-03\nexpiryDate: 2026-03-05 00:00\naliases: [/old.html]", "到期"),
	"content/a/b/short.md":    clockPage("date: 2026-03-06 10:00:30\nexpiryDate: 2026-03-06 10:00:31\ntopics: [z]", "一秒钟"),
	"content/a/pinned.md":     clockPage("date: 2026-01-04\npin: 2026-03-10", "置顶到某日"),
	"content/a/b/until.md":    clockPage("date: 2026-01-04\npin: 2026-03-09 18:00", "置顶到某时"),
	"content/a/both.md":       clockPage("date: 2026-01-05\npin: 2026-03-20\nexpiryDate: 2026-03-12 12:00", "先到期"),
	"content/a/link.md":       clockPage("date: 2026-03-11 09:00\nlink: https://other.example/", ""),
	"content/a/early.md":      clockPage("date: 2026-06-01\npublishDate: 2026-03-14", "先上线后写日期"),
	"content/a/draft.md":      clockPage("date: 2026-03-03\ndraft: true", "草稿"),
	"content/a/withdrawn.md":  clockPage("date: 2026-03-04\nstatus: withdrawn\nwithdrawnNotice: 已撤回", "撤稿"),
	"content/a/internal.md":   clockPage("date: 2026-03-04\naudience: internal", "内部"),
	"content/n/internal.md":   clockPage("date: 2026-03-04\nexpiryDate: 2026-03-08", "内部栏目"),
	"content/a/links.md":      clockPage("date: 2026-01-06", "[看](scheduled.md)又[看](expires.md)"),
	"content/a/lastmod.md":    clockPage("date: 2026-01-07\nlastmod: 2026-03-16", "修改时间在后:只是写出来"),
	"content/a/zone.md":       clockPage("date: 2026-03-17T01:00:00+09:00", "别的时区"),
	"content/a/b/together.md": clockPage("date: 2026-03-17 00:00", "同一时刻"),
}

func clockPage(front, body string) string {
	return "---\ntitle: 稿件\nsource: 本网\n" + front + "\n---\n\n" + body + "。\n"
}

// clockBuild builds a site at an instant and returns the sum of each file, and what the clock brings next.
func clockBuild(t *testing.T, dir string, at time.Time) (map[string]output.Sum, time.Time, []site.Change) {
	t.Helper()
	opt := Options{Source: dir, Out: filepath.Join(dir, "public"), Themes: themes.FS, Version: "test",
		Now: func(*time.Location) (time.Time, error) { return at, nil }}
	_, problems, err := Run(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	if problems.Count(diag.Error) > 0 {
		t.Fatal(problems)
	}
	l, err := Load(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	next, changes := l.Next()
	return sums(t, opt.Out), next, changes
}

func TestClockWalksThroughEveryChange(t *testing.T) {
	dir := makeSite(t, clockSite)
	cst := time.FixedZone("CST", 8*3600)
	now := time.Date(2026, 2, 1, 0, 0, 0, 0, cst)
	files, next, changes := clockBuild(t, dir, now)
	var walked []string
	for !next.IsZero() {
		if !next.After(now) || len(changes) == 0 {
			t.Fatalf("after %s comes %s with %d changes", now, next, len(changes))
		}
		what := next.In(cst).Format("01-02 15:04:05")
		for _, c := range changes {
			what += " " + filepath.Base(c.Path) + [...]string{"+", "-", "^"}[c.What]
		}
		walked = append(walked, what)
		for _, wait := range []time.Duration{next.Sub(now) / 2, next.Sub(now) - time.Second, next.Sub(now) - 1} {
			between, again, _ := clockBuild(t, dir, now.Add(wait))
			if d := differences(files, between); len(d) > 0 {
				t.Errorf("at %s, before %s, these differ: %v", now.Add(wait), next, slices.Sorted(maps.Keys(d)))
			}
			if !again.Equal(next) {
				t.Errorf("at %s the next change is %s, before it was %s", now.Add(wait), again, next)
			}
		}
		now = next
		last := files
		files, next, changes = clockBuild(t, dir, now)
		if len(differences(last, files)) == 0 {
			t.Errorf("nothing changed at %s", what)
		}
	}
	if later, _, _ := clockBuild(t, dir, now.AddDate(100, 0, 0)); len(differences(files, later)) > 0 {
		t.Errorf("a hundred years later these differ: %v", differences(files, later))
	}
	want := []string{
		"03-01 08:30:00 scheduled.md+", "03-04 00:00:00 withdrawn.md+", "03-05 00:00:00 expires.md- future.md+", "03-06 10:00:30 short.md+", "03-06 10:00:31 short.md-",
		"03-07 00:00:00 day.md+", "03-09 18:00:00 until.md^", "03-11 00:00:00 pinned.md^", "03-11 09:00:00 link.md+", "03-12 12:00:00 both.md-",
		"03-14 00:00:00 early.md+", "03-17 00:00:00 together.md+ zone.md+",
	}
	if !slices.Equal(walked, want) {
		t.Errorf("the clock walked through\n%q\nwant\n%q", walked, want)
	}
}
