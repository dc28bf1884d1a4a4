package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"zhendi/internal/diag"
)

// heartbeat is how often a browser is told that the server is there.
const heartbeat = 25 * time.Second

// watching is a browser that looks at a page.
type watching struct {
	s          *Server
	w          http.ResponseWriter
	path       string // of the page's address
	root, id   string // of the article on it, if there is one
	sum, plain string // of the page that it has
	said       string // state that it was told
}

// events tells a browser what becomes of the page that it shows, until it goes: reload, style, go, state.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	b := &watching{s: s, w: w, path: q.Get("page"), sum: q.Get("sum"), plain: q.Get("plain")}
	if r.Method != http.MethodGet || !strings.HasPrefix(b.path, "/") {
		http.Error(w, "page?", http.StatusBadRequest)
		return
	}
	b.root = s.rootOf(b.path)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	flush := http.NewResponseController(w).Flush
	fmt.Fprint(w, "retry: 500\n\n")
	alive := time.NewTicker(heartbeat)
	defer alive.Stop()
	for {
		next := s.next() // before the page is made: a change in between is told
		b.tell()
		if flush() != nil {
			return
		}
		select {
		case <-next:
		case <-alive.C:
			fmt.Fprint(w, ":\n\n")
		case <-r.Context().Done():
			return
		}
	}
}

func (b *watching) send(event string, data any) {
	text, err := json.Marshal(data)
	if err != nil {
		panic("serve: " + err.Error()) // strings and numbers
	}
	fmt.Fprintf(b.w, "event: %s\ndata: %s\n\n", event, text)
}

// tell sends what the browser does not know.
func (b *watching) tell() {
	v := b.s.see(outPath(b.path))
	if !v.found {
		if to, ok := b.s.desk.Path(b.root, b.id); ok && b.id != "" {
			b.send("go", to)
			return
		}
		v = b.s.see(strings.TrimPrefix(b.root, "/") + "404.html")
	}
	if v.Item != nil {
		b.id = v.Item.ID
	}
	b.state(v)
	if v.body == nil {
		return
	}
	now, plain := sum(v.body), b.s.plain(v.body)
	switch {
	case now == b.sum:
	case plain == b.plain:
		styles := map[string]string{} // by name, the address
		for name, at := range b.s.desk.Assets() {
			if path.Ext(name) == ".css" {
				styles["/"+strings.TrimSuffix(name, ".css")] = "/" + at
			}
		}
		b.send("style", styles)
		b.sum = now
	default:
		b.send("reload", now)
		b.sum, b.plain = now, plain
	}
}

// state is what the bar and the list of mistakes show.
type state struct {
	Withheld []string  `json:"withheld"` // why the article is not published
	File     string    `json:"file"`     // that the page is made of
	Stands   bool      `json:"stands"`   // the page is the last one without the mistakes
	Warnings int       `json:"warnings"` // on this page
	Mistakes []mistake `json:"mistakes"`
	More     int       `json:"more"` // mistakes that are not listed
}

type mistake struct {
	Place   string `json:"place"`
	Message string `json:"message"`
	Line    string `json:"line"`
	Fix     string `json:"fix"`
}

// mistakesShown is how many mistakes the list has; who has more begins with these.
const mistakesShown = 12

// state tells the browser of mistakes, and why the article is not published.
func (b *watching) state(v view) {
	all := b.s.desk.Problems()
	all.Add(v.problems...)
	all.Sort()
	st := state{Withheld: []string{}, File: v.Source, Stands: v.stands, Mistakes: []mistake{}}
	for _, p := range all {
		if p.Rule.Severity != diag.Error {
			continue
		}
		if len(st.Mistakes) == mistakesShown {
			st.More++
			continue
		}
		st.Mistakes = append(st.Mistakes, mistake{p.Pos.String(), p.Message(diag.ZH), p.Line, p.Fix(diag.ZH)})
	}
	st.Warnings = v.problems.Count(diag.Warning)
	if it := v.Item; it != nil {
		for _, why := range b.s.desk.Withheld(it) {
			st.Withheld = append(st.Withheld, why.ZH)
		}
		if missing := b.s.unreviewed(it.Path); missing != "" {
			st.Withheld = append(st.Withheld, missing)
		}
	}
	text, err := json.Marshal(st)
	if err != nil {
		panic("serve: " + err.Error())
	}
	if string(text) != b.said {
		b.said = string(text)
		fmt.Fprintf(b.w, "event: state\ndata: %s\n\n", text)
	}
}

// unreviewed says which reviews the site asks for that an article does not have.
func (s *Server) unreviewed(file string) string {
	raw, a := s.desk.Data("reviewers.yaml"), s.desk.Article(file)
	if raw == nil || a == nil || s.opt.Levels == nil {
		return ""
	}
	var missing []string
	for i := range min(s.opt.Levels(raw), len(a.Reviewers)) {
		if a.Reviewers[i] == "" {
			missing = append(missing, [...]string{"一审", "二审", "三审"}[i])
		}
	}
	if missing == nil {
		return ""
	}
	return "审核没有完成：缺" + strings.Join(missing, "、")
}
