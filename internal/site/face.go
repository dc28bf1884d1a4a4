package site

import "zhendi/internal/article"

// Face is an item as an edition shows it.
type Face struct {
	*article.Article // with the edition's texts
	Of               *Item
	Column           *Column
	URL              string
}

// Face returns an item as the edition shows it. Faces are made when they are asked for: a build that makes few pages needs
// few of them, and one that makes all need not hold them all.
func (s *Site) Face(it *Item) Face {
	return Face{Article: s.article(it), Of: it, Column: s.tree[it.Column.nth], URL: s.URL(it)}
}

// HasPage reports whether the item has a page of its own.
func (f Face) HasPage() bool { return f.Of.HasPage() }

// URL is the address of an item in this edition.
func (s *Site) URL(it *Item) string {
	if it.linked {
		return it.URL
	}
	return s.root + it.URL
}

// Text is an article with all its texts.
type Text struct {
	*article.Article
	Turned []string // what Edition.Turn returned, for each edition
}

// text returns an item's article as it was written.
func (s *Site) text(it *Item) Text {
	if it.N < 0 {
		return s.in.Text(it.From())
	}
	t := s.texts.Get(it)
	if t == nil {
		made := s.in.Text(it.From())
		t = &made
		s.texts.Put(it, t)
	}
	return *t
}

// Written returns an item's article as it was written.
func (s *Site) Written(it *Item) *article.Article { return s.text(it).Article }

// Source is what the pages of an item are made from, before conversion: the original, or a twin with what it leaves to
// the original.
func (s *Site) Source(it *Item) *article.Entry { return it.Entry.Face(s.Edition.Script) }

// article returns the article of an item with the edition's texts.
func (s *Site) article(it *Item) *article.Article {
	switch {
	case s.Edition.conv == nil:
		return s.text(it).Article.Face(s.Edition.Script)
	case it.Twin == nil && !s.Edition.turns(it.Entry):
		return s.text(it).Article
	case it.N < 0:
		return s.turned(it)
	}
	a := s.faces.Get(it)
	if a == nil {
		a = s.turned(it)
		s.faces.Put(it, a)
	}
	return a
}

// turned converts an item's article, or takes what was converted before.
func (s *Site) turned(it *Item) *article.Article {
	t := s.text(it)
	if s.nth < len(t.Turned) {
		return s.Edition.Face(t.Article, t.Turned[s.nth])
	}
	return s.Edition.Face(t.Article, "")
}

// recentFaces is how many faces an edition keeps, and how many articles all together. With four times as many, one in twenty
// articles fewer is read when a site is made.
const recentFaces = 1 << 10

// remember makes room for faces.
func (s *Site) remember() {
	if s.Edition.conv != nil {
		s.faces = NewRecent[article.Article](len(s.Items), recentFaces)
	}
}
