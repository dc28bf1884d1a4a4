package site

import (
	"cmp"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"

	"zhendi/internal/article"
)

// What is done quickly gives what doing it plainly gives.

// plainly is Related by its definition.
func plainly(s *Site, it *Item) []*Item {
	shared := map[*Item]int{}
	for i := range it.Tags {
		if g := s.TagOf(it, i); g != nil {
			at := slices.Index(g.Items, it) + 1
			for _, o := range g.Items[at:min(at+relatedWindow, len(g.Items))] {
				if o.Date.Before(it.Date) {
					shared[o]++
				}
			}
		}
	}
	var out []*Item
	for o := range shared {
		out = append(out, o)
	}
	slices.SortFunc(out, func(a, b *Item) int { return cmp.Or(cmp.Compare(shared[b], shared[a]), Newest(a, b)) })
	return out[:min(relatedCount, len(out))]
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
	in := portal(t, 500)
	in.Articles[7].Date, in.Articles[8].Date = in.Articles[7].Date.AddDate(-1900, 0, 0), in.Articles[9].Date
	in.Articles[11].Date = in.Articles[11].Date.Truncate(1<<63 - 1)
	in.Columns[3].Archive = "month"
	s := model(t, in)
	same := func(what string, list []*Item, archive string, got []Period) {
		var want []Period
		for _, p := range periods(list, archive, in.Config.Zone) {
			if archive == "year" && len(p.Items) > longYear*in.Config.PageSize && p.Name != Undated {
				want = append(want, periods(p.Items, "month", in.Config.Zone)...)
				continue
			}
			want = append(want, p)
		}
		if !slices.EqualFunc(got, want, func(a, b Period) bool {
			return a.Name == b.Name && a.Start.Equal(b.Start) && slices.Equal(a.Items, b.Items)
		}) {
			t.Errorf("%s is divided as\n%v, not as\n%v", what, got, want)
		}
	}
	for _, c := range s.Columns {
		same(c.Dir, c.Items, c.archive(in.Config), c.Periods)
	}
	for _, g := range s.Tags {
		same(g.Name, g.Items, in.Config.Archive, g.Periods)
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
	first := model(t, in)
	turned := turnedBy(in, editions[1])
	second, problems := first.In(editions[1], turned)
	plain, more := first.In(editions[1], nil)
	for i := range turned {
		turned[i] = turned[i][:len(turned[i])*i/len(turned)]
	}
	torn, _ := first.In(editions[1], turned)
	if len(problems)+len(more) > 0 {
		t.Fatal(show(append(problems, more...)))
	}
	for _, it := range first.Items {
		f := second.Face(it)
		for i, tag := range f.Tags {
			if want := editions[1].Text("zh-Hans", it.Tags[i]); tag != want {
				t.Fatalf("%s, not %s", tag, want)
			}
		}
		if want := editions[1].Text("zh-Hans", it.Head.Excerpt); f.Head.Excerpt != want || !strings.Contains(want, "，") {
			t.Fatalf("%s, not %s", f.Head.Excerpt, want)
		}
		if f.URL != "/hant"+it.URL || f.Column == it.Column || f.Column.Dir != it.Column.Dir || f.Of != it {
			t.Fatalf("%+v is the face of %+v", f, it)
		}
		for what, other := range map[string]*Site{"converted at once": plain, "with a part of what was turned": torn} {
			if g := other.Face(it); !reflect.DeepEqual(g.Article, f.Article) {
				t.Fatalf("%s: %+v\nis not %+v", what, g.Article, f.Article)
			}
		}
		if first.Face(it).Article != it.Article {
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
	second, _ := first.In(editions[1], turnedBy(in, editions[1]))
	second.faces = NewRecent[article.Article](len(second.Items), 7)
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 2000 {
				it := first.Items[(i*(worker+1)*13)%len(first.Items)]
				if f := second.Face(it); f.ID != it.ID || f.Title != editions[1].Text("zh-Hans", it.Title) {
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
