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

// Source is the article that the pages of an item are made from, before conversion: the original, or a twin with what it leaves to
// the original.
func (s *Site) Source(it *Item) *article.Article { return it.Article.Face(s.Edition.Script) }

// article returns the article of an item with the edition's texts.
func (s *Site) article(it *Item) *article.Article {
	switch {
	case s.Edition.conv == nil:
		return it.Article.Face(s.Edition.Script)
	case it.Twin == nil && !s.Edition.turns(it.Article):
		return it.Article
	}
	turned := ""
	if s.turned != nil {
		turned = s.turned[it.from]
	}
	if it.N < 0 {
		return s.Edition.Face(it.Article, turned)
	}
	a := s.faces.Get(it)
	if a == nil {
		a = s.Edition.Face(it.Article, turned)
		s.faces.Put(it, a)
	}
	return a
}

// recentFaces is how many faces an edition keeps.
const recentFaces = 1 << 12

// remember makes room for faces.
func (s *Site) remember(in Input) {
	s.turned = in.Turned
	if s.Edition.conv != nil {
		s.faces = NewRecent[article.Article](len(s.Items), recentFaces)
	}
}
