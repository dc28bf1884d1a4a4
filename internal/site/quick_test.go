package site

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"zhendi/internal/article"
	"zhendi/internal/config"
)

// What is done quickly gives what doing it plainly gives.

// plainly is Related by its definition.
func plainly(s *Site, it *Item) []*Item {
	shared := map[*Item]int{}
	for nth := range relatedCount {
		for i := range it.Tags {
			g := s.TagOf(it, i)
			if g == nil {
				continue
			}
			at := slices.Index(g.Items, it) + 1
			older := slices.DeleteFunc(slices.Clone(g.Items[at:min(at+relatedWindow, len(g.Items))]), func(o *Item) bool { return !o.Date.Before(it.Date) })
			if nth < len(older) && len(shared) < relatedCount {
				shared[older[nth]] = 0
			}
		}
	}
	var out []*Item
	for o := range shared {
		out = append(out, o)
		for _, tag := range it.Tags {
			if g := s.Tag(tag); g != nil && slices.Contains(g.Items, o) {
				shared[o]++
			}
		}
	}
	slices.SortFunc(out, func(a, b *Item) int { return cmp.Or(cmp.Compare(shared[b], shared[a]), Newest(a, b)) })
	return out
}

// An article that is taken back changes what is related to others only where it was shown.
func TestNobodyIsRelatedByTheWay(t *testing.T) {
	in := portal(t, 400)
	r := rand.New(rand.NewPCG(1, 9))
	for _, a := range in.Articles {
		a.Tags = nil
		for range 3 {
			a.Tags = append(a.Tags, fmt.Sprint(r.IntN(20)))
		}
	}
	before := model(t, in)
	relations := func(s *Site) map[string]string {
		out := map[string]string{}
		for _, it := range s.Items {
			for _, o := range s.Related(it) {
				out[it.ID] += " " + o.ID + " "
			}
		}
		return out
	}
	was, changed := relations(before), 0
	for i := 0; i < len(in.Articles); i += 10 {
		less := in
		less.Articles = slices.Delete(slices.Clone(in.Articles), i, i+1)
		gone := in.Articles[i]
		for id, is := range relations(model(t, less)) {
			if is != was[id] {
				changed++
				if !strings.Contains(was[id], " "+gone.ID+" ") {
					t.Errorf("without %s, %s is related to%s, no longer to%s", gone.ID, id, is, was[id])
				}
			}
		}
	}
	if changed < 50 {
		t.Errorf("only %d changed", changed)
	}
}

func TestRelatedIsAsDefined(t *testing.T) {
	in := portal(t, 600)
	for i, a := range in.Articles { // several a minute, and tags that are one
		a.Date = a.Date.Truncate(1 << 50)
		if i%7 == 0 {
			a.Tags = append(a.Tags, "黨建", "党建", "")
		}
		if i%50 == 0 {
			a.Tags = append(a.Tags, in.Articles[i/2].Tags...)
			a.Tags = append(a.Tags, in.Articles[i/3].Tags...)
		}
	}
	s := model(t, in)
	some := 0
	for _, it := range s.Items {
		got, want := s.Related(it), plainly(s, it)
		if some += len(want); !slices.Equal(got, want) {
			t.Fatalf("%s is related to\n%s, not to\n%s", it.ID, names(got), names(want))
		}
	}
	if some < 1000 {
		t.Error("the test relates too little")
	}
}

func TestPeriodsAreThoseOfEachList(t *testing.T) {
	in := portal(t, 3000)
	in.Config.PageSize = 10
	in.Articles[7].Date, in.Articles[8].Date = in.Articles[7].Date.AddDate(-1900, 0, 0), in.Articles[9].Date
	in.Articles[11].Date = in.Articles[11].Date.Truncate(1<<63 - 1)
	in.Columns[3].Archive = "month"
	s := model(t, in)
	same := func(what string, list []*Item, archive string, got []Period) {
		want := map[string][]*Item{} // by the names of their parts
		parts := []string{"2006", "quarter", "2006-01", "third", "five", "2006-01-02"}
		if archive == "month" {
			parts = parts[2:]
		}
		divided(in.Config, list, parts, want)
		for _, p := range got {
			for _, page := range p.Pages {
				name := Undated
				if !page.Start.IsZero() {
					name = page.Unit.name(page.Start)
				}
				if page.Start.IsZero() != (p.Name == Undated) || !strings.HasPrefix(name, p.Name) || !slices.Equal(want[name], page.Items) {
					t.Errorf("%s: %s/%s has %s, not %s", what, p.Name, page.File, names(page.Items), names(want[name]))
				}
				delete(want, name)
			}
		}
		shown := list[:min(len(list), in.Config.PageSize)]
		for name, items := range want { // those left out
			if !slices.Contains(shown, items[len(items)-1]) || items[0].Date.In(in.Config.Zone).Year() != list[0].Date.In(in.Config.Zone).Year() {
				t.Errorf("%s: there is no page of %s", what, name)
			}
		}
	}
	for _, c := range s.Columns {
		same(c.Dir, c.Items, c.archive(in.Config), c.Periods)
	}
	for _, g := range s.Tags {
		same(g.Name, g.Items, in.Config.Archive, g.Periods)
	}
}

// divided divides a list by the first of these parts of the calendar, and what is too long by the next.
func divided(cfg config.Config, list []*Item, parts []string, out map[string][]*Item) {
	by := map[string][]*Item{}
	for _, it := range list {
		d := it.Date.In(cfg.Zone)
		name := d.Format("2006")
		of := func(days int) string {
			first := 1
			for first+days <= d.Day() && first+days <= 30 && (days != 10 || first < 21) && (days != 5 || first < 26) {
				first += days
			}
			end := first + days - 1
			if days == 10 && first == 21 || days == 5 && first == 26 {
				end = time.Date(d.Year(), d.Month()+1, 0, 0, 0, 0, 0, cfg.Zone).Day()
			}
			return fmt.Sprintf("%s-%02d-%02d", d.Format("2006-01"), first, end)
		}
		switch {
		case it.Date.IsZero():
			name = Undated
		case parts[0] == "quarter":
			name += "-q" + fmt.Sprint((int(d.Month())+2)/3)
		case parts[0] == "third":
			name = of(10)
		case parts[0] == "five":
			name = of(5)
		default:
			name = d.Format(parts[0])
		}
		by[name] = append(by[name], it)
	}
	for name, items := range by {
		if 2*len(items) <= 3*cfg.PageSize || len(parts) == 1 || name == Undated {
			out[name] = items
		} else {
			divided(cfg, items, parts[1:], out)
		}
	}
}

func FuzzAddresses(f *testing.F) {
	for _, s := range []string{"", "a.md", "/a/b.html", "//host/a", "../x", "a:b", "a?b#c", "/党/a", "%E5%85%9A", "/A/Index.html", "/a/index.html", "*", "~a", " a", "/a//b", "/\x7f", ".", "/-_.~"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := EscapePath(s), (&url.URL{Path: s}).EscapedPath(); got != want {
			t.Errorf("EscapePath(%q) is %q, not %q", s, got, want)
		}
		plain := s
		if d, err := url.PathUnescape(s); err == nil {
			plain = d
		}
		if plain = norm.NFC.String(plain); decoded(s) != plain {
			t.Errorf("decoded(%q) is %q, not %q", s, decoded(s), plain)
		}
		got, err := parse(s)
		want, werr := url.Parse(s)
		if (err == nil) != (werr == nil) || err == nil && !reflect.DeepEqual(got, *want) {
			t.Errorf("parse(%q) is %+v, not %+v", s, got, want)
		}
	})
}

// What Turn said gives the face that conversion gives; so does what is left of it.
func TestFacesAreAsTurned(t *testing.T) {
	in := portal(t, 300)
	in.Articles[3].Rare = &article.Rare{Subtitle: "党建副题", Series: "连载", Keywords: []string{"基层", "发展"}}
	editions := editionsOf(t, in)
	in.Edition = editions[0]
	hans, hant := turnedBy(in, editions[0]), turnedBy(in, editions[1])
	second := func(lists ...[]string) (*Site, *Site) {
		in := in
		in.turned(lists...)
		first := model(t, in)
		s, problems := first.In(editions[1], 1)
		if len(problems) > 0 {
			t.Fatal(show(problems))
		}
		return first, s
	}
	first, full := second(hans, slices.Clone(hant))
	_, plain := second()
	for i := range hant {
		hant[i] = hant[i][:len(hant[i])*i/len(hant)]
	}
	_, torn := second(hans, hant)
	for _, it := range first.Items {
		f := full.Face(it)
		for i, tag := range f.Tags {
			if want := editions[1].Text("zh-Hans", it.Tags[i]); tag != want {
				t.Fatalf("%s, not %s", tag, want)
			}
		}
		if want := editions[1].Text("zh-Hans", first.Written(it).Excerpt); f.Excerpt != want || !strings.Contains(want, "，") {
			t.Fatalf("%s, not %s", f.Excerpt, want)
		}
		if f.URL != "/hant"+it.URL || f.Column == it.Column || f.Column.Dir != it.Column.Dir || f.Of != it {
			t.Fatalf("%+v is the face of %+v", f, it)
		}
		for what, other := range map[string]*Site{"converted at once": plain, "with a part of what was turned": torn} {
			if g := other.Face(it); !reflect.DeepEqual(g.Article, f.Article) {
				t.Fatalf("%s: %+v\nis not %+v", what, g.Article, f.Article)
			}
		}
		if first.Face(it).Article != first.Written(it) {
			t.Fatal("an article is copied in the edition in which it was written")
		}
	}
}

// However few faces are kept, they are the right ones.
func TestFacesAreForgottenAndMadeAgain(t *testing.T) {
	in := portal(t, 200)
	editions := editionsOf(t, in)
	in.Edition = editions[0]
	first := model(t, in)
	second, _ := first.In(editions[1], 1)
	second.faces, second.texts = NewRecent[article.Article](len(second.Items), 7), NewRecent[Text](len(second.Items), 5)
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 2000 {
				it := first.Items[(i*(worker+1)*13)%len(first.Items)]
				if f := second.Face(it); f.ID != it.ID || f.Title != editions[1].Text("zh-Hans", first.Written(it).Title) {
					t.Errorf("%s has the face of %s", it.ID, f.ID)
				}
			}
		})
	}
	wg.Wait()
	kept := 0
	for _, it := range second.Items {
		if second.faces.Get(it) != nil {
			kept++
		}
	}
	if kept == 0 || kept > 7+4 {
		t.Errorf("%d faces are kept", kept)
	}
}
