package build

import (
	"sync"

	"zhendi/internal/article"
	"zhendi/internal/cache"
	"zhendi/internal/diag"
	"zhendi/internal/site"
)

// texts are what the model need not know of the articles. They lie in the records, and are read when a page shows the
// article: they would take more memory than all else.
type texts struct {
	l       *Loaded
	records *records
	of      []textAt // by place among the articles of the input

	mu   sync.Mutex // guards lost
	lost diag.List  // articles that could not be read again
}

// textAt is the text of one article: where it lies, or, where no record could be written, the record's piece.
type textAt struct {
	blob string
	packed
}

// packed says where a text lies among the records.
type packed struct {
	at      int64
	n, part int32
	check   cache.Check
}

// blob returns the piece of a record; false if it is not there any more.
func (t *texts) blob(x textAt) (string, bool) {
	if x.blob != "" {
		return x.blob, true
	}
	if p := t.records.parts[x.part].pack; p != nil && x.n > 0 {
		return p.Piece(x.at, int(x.n), x.check)
	}
	return "", false
}

// at returns the whole of an article of the input.
func (t *texts) at(i int) site.Text { return t.whole(t.l.in.Articles[i], t.of[i]) }

func (t *texts) whole(e *article.Entry, x textAt) site.Text {
	if blob, ok := t.blob(x); ok {
		if whole, ok := decodeText(e, blob); ok {
			return whole
		}
	}
	if x.n > 0 { // else it would be parsed each time
		t.records.drop(int(x.part))
	}
	return t.again(e)
}

// encodeText encodes the piece of an article's record.
func encodeText(a *article.Article, turned []string) string {
	e := cache.Encoder(a.AppendTexts(make([]byte, 0, 1024)))
	encodeTexts(&e, turned)
	return string(e)
}

// decodeText is the way back.
func decodeText(e *article.Entry, blob string) (site.Text, bool) {
	a, rest, err := e.Whole(blob)
	d := cache.Decoder{Rest: rest}
	turned := decodeTexts(&d)
	return site.Text{Article: a, Turned: turned}, err == nil && d.Err() == nil
}

// again parses an article again, of which somebody has taken away the record.
func (t *texts) again(e *article.Entry) site.Text {
	l := t.l
	whole := site.Text{Article: &article.Article{Entry: *e}}
	i, ok := l.sources.find(e.Path)
	if !ok {
		panic("build: no file " + e.Path)
	}
	buf := l.room.take()
	defer l.room.give(buf)
	raw := l.text(buf, i)
	if !raw.ok {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.lost.Add(raw.problems...)
		return whole
	}
	parse := article.Parse
	if e.Base != "" {
		parse = article.ParseTwin
	}
	whole.Article, _ = parse(article.File{Path: e.Path, Text: raw.text, Zone: l.Config.Zone}) // problems were told
	whole.Entry = *e
	return whole
}

// problems returns what could not be read since it was last asked.
func (t *texts) problems() (list diag.List) {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	list, t.lost = t.lost, nil
	return list
}

// close closes the records.
func (t *texts) close() {
	if t == nil {
		return
	}
	for i := range t.records.parts {
		if p := &t.records.parts[i]; p.pack != nil {
			p.pack.Close()
			p.pack = nil
		}
	}
}
