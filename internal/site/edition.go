package site

import (
	"regexp"
	"strings"
	"sync"

	"zhendi/internal/article"
	"zhendi/internal/config"
	"zhendi/internal/hanzi"
)

// Edition is the whole site in one script. The model of an edition is made like any
// other, from input whose texts have been converted: what comes after the model never
// asks which script it shows.
//
// An article is written in one script (lang, else detected). In its own script it is never
// changed. In the other it is converted, or its hand-made twin stands in. Every text is
// converted once, from what the editor wrote: conversion is not idempotent.
type Edition struct {
	config.Edition
	conv *hanzi.Converter // from the other script; nil if articles are not converted

	texts, names memo
}

// memo keeps what short texts were converted to: tags, sources and authors come again and again, and
// all articles that have one then share it.
type memo struct {
	mu sync.RWMutex
	of map[string]string
}

// Bounds of a memo: longer texts are titles and excerpts, which do not come again; and more than so many short
// ones are no tags.
const (
	memoLength = 30 // bytes
	memoSize   = 1 << 16
)

// get returns s converted.
func (m *memo) get(s string, convert func(string) string) string {
	if len(s) > memoLength {
		return convert(s)
	}
	m.mu.RLock()
	out, ok := m.of[s]
	m.mu.RUnlock()
	if ok {
		return out
	}
	out = convert(s)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of == nil {
		m.of = map[string]string{}
	}
	if len(m.of) < memoSize {
		m.of[strings.Clone(s)] = out
	}
	return out
}

// NewEdition returns an edition with the site's terms. The error is a *hanzi.TermError.
func NewEdition(e config.Edition, convert bool, terms *hanzi.Terms) (*Edition, error) {
	ed := &Edition{Edition: e}
	if !convert {
		return ed, nil
	}
	c, err := hanzi.New(e.Convert, terms)
	ed.conv = c
	return ed, err
}

// Text converts a text written in script lang.
func (e *Edition) Text(lang, s string) string {
	if !e.converts(lang) || s == "" {
		return s
	}
	return e.conv.String(s)
}

// HTML converts a fragment of a page written in script lang.
func (e *Edition) HTML(lang, s string) string {
	if !e.converts(lang) || s == "" {
		return s
	}
	return e.relabel(e.conv.HTML(s))
}

var langAttr = regexp.MustCompile(`<[a-z][^<>]* lang="[A-Za-z-]+"`)

// relabel corrects the language of elements that were marked with the script converted from
// (pasted text often is: lang="zh-CN"): they are in this edition's script now.
func (e *Edition) relabel(s string) string {
	if !strings.Contains(s, ` lang="`) {
		return s
	}
	return langAttr.ReplaceAllStringFunc(s, func(tag string) string {
		head, lang, _ := strings.Cut(tag, ` lang="`)
		if from := hanzi.ScriptOf(strings.TrimSuffix(lang, `"`)); from == hanzi.Unknown || from != e.conv.From() {
			return tag
		}
		return head + ` lang="` + e.Script + `"`
	})
}

// converts reports whether texts in script lang are converted. Those whose script is not
// known hold no character that only one script has; they may still hold one that differs (后),
// and are taken for simplified, as most of what is written today.
func (e *Edition) converts(lang string) bool {
	if e.conv == nil {
		return false
	}
	if lang == "" {
		lang = "zh-Hans"
	}
	return lang != e.Script
}

// In returns the input as the edition has it.
func (in Input) In(e *Edition) Input {
	in.Edition = e
	if e.conv == nil {
		return in
	}
	articles := make([]*article.Article, len(in.Articles))
	for i, a := range in.Articles {
		articles[i], _ = e.Article(a, nil)
	}
	return in.With(e, articles)
}

// Article returns the article as the edition has it, and what conversion made of its texts. Given
// that again as said, with the same article and the same terms, it converts nothing.
func (e *Edition) Article(a *article.Article, said []string) (face *article.Article, all []string) {
	face = a.Face(e.Script)
	if e.conv == nil || !e.converts(face.Lang) && face.Base == "" {
		return face, nil
	}
	all, n := said, 0
	turn := func(m *memo, convert func(string) string) func(string) string {
		return func(s string) string {
			if n == len(all) {
				all = append(all, m.get(s, convert))
			}
			n++
			return all[n-1]
		}
	}
	return face.Rest(turn(&e.texts, e.conv.String), turn(&e.names, e.conv.Name)), all
}

// With returns the input as the edition has it, given the articles as Article returned them.
func (in Input) With(e *Edition, articles []*article.Article) Input {
	in.Edition, in.Articles = e, articles
	if e.conv == nil {
		return in
	}
	text := e.conv.String
	columns := make([]*article.Column, len(in.Columns))
	for i, c := range in.Columns {
		columns[i] = c
		if e.converts(c.Lang) {
			columns[i] = c.In(e.Script, text)
		}
	}
	in.Columns = columns
	if lang := in.Config.Script(); e.converts(lang) {
		in.Config = in.Config.In(text)
	}
	return in
}
