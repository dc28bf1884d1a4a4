package site

import (
	"encoding/binary"
	"regexp"
	"strings"
	"sync"

	"zhendi/internal/article"
	"zhendi/internal/config"
	"zhendi/internal/hanzi"
)

// Edition is the whole site in one script. All editions have one model: the same articles in the same order, lists and places. What
// differs, the texts of columns and articles and the prefix of addresses, a Site has in its edition's form: what
// comes after the model never asks which script it shows.
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

// Turn returns what conversion makes of the texts of an article, for Face; nothing if the edition shows it as it was written. The
// excerpt is not among them: it is longer than all others together, and few pages show it.
func (e *Edition) Turn(a *article.Article) string {
	face := a.Face(e.Script)
	if !e.turns(&face.Entry) {
		return ""
	}
	b := make([]byte, 0, 1024)
	note := func(m *memo, convert func(string) string) func(string) string {
		return func(s string) string {
			s = m.get(s, convert)
			b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
			return s
		}
	}
	face.Rest(note(&e.texts, e.conv.String), note(&e.names, e.conv.Name), func(s string) string { return s })
	return string(b)
}

// turns reports whether texts of an article, as Article.Face returned it, are converted.
func (e *Edition) turns(face *article.Entry) bool {
	return e.conv != nil && (e.converts(face.Lang) || face.Base != "")
}

// Face returns the article as the edition has it. turned is what Turn returned of the same article under the same
// terms; if it is empty, texts are converted now.
func (e *Edition) Face(a *article.Article, turned string) *article.Article {
	face := a.Face(e.Script)
	if !e.turns(&face.Entry) {
		return face
	}
	next := func(m *memo, convert func(string) string) func(string) string {
		return func(s string) string {
			if n, size := uvarint(turned); size > 0 && n <= uint64(len(turned)-size) {
				s, turned = turned[size:size+int(n)], turned[size+int(n):]
				return s
			}
			turned = ""
			return m.get(s, convert)
		}
	}
	return face.Rest(next(&e.texts, e.conv.String), next(&e.names, e.conv.Name), e.conv.String)
}

// uvarint reads a number from the head of s, as binary.Uvarint does.
func uvarint(s string) (n uint64, size int) {
	for i := 0; i < len(s) && i < binary.MaxVarintLen64; i++ {
		n |= uint64(s[i]&0x7f) << (7 * i)
		if s[i] < 0x80 {
			return n, i + 1
		}
	}
	return 0, 0
}

// with returns the input with columns and settings as the edition has them.
func (in Input) with(e *Edition) Input {
	in.Edition = e
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
