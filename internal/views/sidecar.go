package views

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"zhendi/internal/output"
)

// Folder is the folder of the sidecar, in the output.
const Folder = "_views"

// HotFile returns the name of the hot list of a period in an edition, by the edition's folder.
func HotFile(p Period, edition string) string {
	if edition != "" {
		edition = "." + edition
	}
	return "hot-" + p.String() + edition + ".json"
}

// hotRows is how many articles a hot list has.
const hotRows = 10

// Sidecar says how to write the small files that pages read.
type Sidecar struct {
	Out      string // folder: public/_views
	Shards   int    // how many files the counts are spread over
	Editions []Edition
	Lock     string // output folder to lock as build and publish do; empty: none
}

// Edition is one edition of the site.
type Edition struct{ Lang, Folder string }

// Written is what writing the sidecar did.
type Written struct {
	Files, Changed, Removed int
	Totals                  *Totals
	Largest                 int // bytes of the largest file of counts, compressed
	Advice                  int // number of shards with which it would hold to Limit; 0: it does
}

// Limit is how much a page should fetch for its count, compressed.
const Limit = 4 << 10

// Write writes the sidecar. Only files that differ are touched.
func Write(ctx context.Context, s Settings, w Sidecar) (Written, error) {
	var out Written
	d := system()
	err := s.with(ctx, d, "views write", func(l *ledger) (err error) {
		if w.Lock != "" {
			lock, err := output.Acquire(ctx, w.Lock, output.Options{As: "views write", Busy: s.Busy})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, lock.Release()) }()
		}
		out, err = l.writeSidecar(s.Catalogue, w)
		return err
	})
	return out, err
}

// listed is an article as hot lists show it.
type listed struct {
	ID    string `json:"id"`
	URL   string `json:"url"`
	Title string `json:"title"`
	Date  string `json:"date,omitempty"`
	Count int64  `json:"count"`
}

func (l *ledger) writeSidecar(catalogue string, w Sidecar) (out Written, err error) {
	if out.Totals, err = l.totals(); err != nil {
		return out, err
	}
	t := out.Totals
	columns := map[string][]ID{}
	shards := map[int][]ID{}
	var all []ID
	err = eachEntry(l.disk, catalogue, func(id ID, e *entry) error {
		top, _, _ := strings.Cut(e.Column, "/")
		columns[top] = append(columns[top], id)
		n := id.shard(w.Shards)
		shards[n] = append(shards[n], id)
		all = append(all, id)
		return nil
	})
	if err != nil {
		return out, err
	}
	files := map[string][]byte{}
	for n, ids := range shards {
		b := shardText(t, ids)
		files[strconv.Itoa(n)+".json"] = b
		out.Largest = max(out.Largest, compressed(b))
	}
	if out.Largest > Limit {
		out.Advice = advise(w.Shards, out.Largest)
	}
	if err := l.hotLists(files, catalogue, w.Editions, t, all, columns); err != nil {
		return out, err
	}
	total := map[string]any{"asOf": t.Newest}
	for _, p := range Periods() {
		total[p.String()] = t.Site[p]
	}
	files["site.json"], err = marshal(total)
	if err != nil {
		return out, err
	}
	out.Files = len(files)
	return out, l.place(w.Out, files, &out)
}

// shardText writes the counts of some articles; those without views are left out.
func shardText(t *Totals, ids []ID) []byte {
	slices.Sort(ids)
	b := []byte(`{"counts":{`)
	for _, id := range ids {
		c := t.Articles[id]
		if c == nil || c[All] == 0 {
			continue
		}
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = append(id.append(append(b, '"')), '"', ':')
		b = strconv.AppendInt(b, c[All], 10)
	}
	return append(b, "}}\n"...)
}

func compressed(b []byte) int {
	var n counter
	n.w = io.Discard
	z := gzip.NewWriter(&n)
	z.Write(b)
	z.Close()
	return int(n.n)
}

// advise returns the power of two of shards at which the largest keeps to the limit, with room
// for half as much again.
func advise(shards, largest int) int {
	n := 1
	for n < shards*largest*3/(Limit*2) {
		n *= 2
	}
	return min(n, 1<<16)
}

// leaders are the articles with most views in a period, most first, then by id.
func leaders(t *Totals, ids []ID, p Period, n int) []ID {
	var list []ID
	for _, id := range ids {
		if c := t.Articles[id]; c != nil && c[p] > 0 {
			list = append(list, id)
		}
	}
	slices.SortFunc(list, func(a, b ID) int {
		return cmp.Or(cmp.Compare(t.Articles[b][p], t.Articles[a][p]), cmp.Compare(a, b))
	})
	return list[:min(n, len(list))]
}

// hotLists makes the lists of all periods in all editions.
func (l *ledger) hotLists(files map[string][]byte, catalogue string, editions []Edition, t *Totals, all []ID, columns map[string][]ID) error {
	type lists struct {
		site    []ID
		columns map[string][]ID
	}
	var hot [periods]lists
	rows := map[ID]map[string]listed{} // by article and language
	for _, p := range Periods() {
		hot[p] = lists{leaders(t, all, p, hotRows), map[string][]ID{}}
		for c, ids := range columns {
			hot[p].columns[c] = leaders(t, ids, p, hotRows)
		}
		for _, ids := range append(slices.Collect(valuesOf(hot[p].columns)), hot[p].site) {
			for _, id := range ids {
				rows[id] = map[string]listed{}
			}
		}
	}
	err := eachEntry(l.disk, catalogue, func(id ID, e *entry) error {
		if rows[id] == nil {
			return nil
		}
		for _, f := range e.Editions {
			rows[id][f.Lang] = listed{ID: e.ID, URL: f.Path, Title: f.Title, Date: e.Date[:min(len(e.Date), 10)]}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range Periods() {
		for _, e := range editions {
			items := func(ids []ID) []listed {
				out := []listed{}
				for _, id := range ids {
					if row, ok := rows[id][e.Lang]; ok {
						row.Count = t.Articles[id][p]
						out = append(out, row)
					}
				}
				return out
			}
			cols := map[string][]listed{}
			for c, ids := range hot[p].columns {
				if list := items(ids); len(list) > 0 {
					cols[c] = list
				}
			}
			b, err := marshal(map[string]any{"asOf": t.Newest, "site": items(hot[p].site), "columns": cols})
			if err != nil {
				return err
			}
			files[HotFile(p, e.Folder)] = b
		}
	}
	return nil
}

func valuesOf[K cmp.Ordered, V any](m map[K]V) func(func(V) bool) {
	return func(yield func(V) bool) {
		for _, k := range sortedKeys(m) {
			if !yield(m[k]) {
				return
			}
		}
	}
}

func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}

// place puts the files into the folder, each whole, and removes those of an earlier run that are no
// longer there. Other files in the folder are left alone.
func (l *ledger) place(dir string, files map[string][]byte, out *Written) error {
	if err := l.disk.mkdir(dir); err != nil {
		return err
	}
	for _, name := range sortedKeys(files) {
		path := filepath.Join(dir, name)
		old, err := l.disk.readAll(path)
		if err == nil && bytes.Equal(old, files[name]) {
			continue
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := l.replace(dir, name, files[name]); err != nil {
			return fmt.Errorf("writing %s: %w", path, err)
		}
		out.Changed++
	}
	list, err := l.disk.list(dir)
	if err != nil {
		return err
	}
	for _, e := range list {
		if _, ok := files[e.Name()]; ok || !sidecarName(e.Name()) {
			continue
		}
		if err := l.disk.remove(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
		out.Removed++
	}
	return nil
}

func (l *ledger) replace(dir, name string, body []byte) error {
	tmp := filepath.Join(dir, "new.tmp")
	if err := l.disk.publish(tmp, body); err != nil {
		return err
	}
	return l.disk.rename(tmp, filepath.Join(dir, name))
}

// sidecarName tells whether a file of the folder is one that Write makes.
func sidecarName(name string) bool {
	if name == "new.tmp" {
		return true
	}
	base, ok := strings.CutSuffix(name, ".json")
	_, err := strconv.Atoi(base)
	return ok && (err == nil || base == "site" || strings.HasPrefix(base, "hot"))
}
