package publish

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"

	"zhendi/internal/output"
)

// hotLists takes rows out of the hot lists that lead to pages which this run has removed, or has put a notice at. The lists are another
// command's: one that changes meanwhile is left alone, since it is new.
func (w *work) hotLists(ctx context.Context) error {
	taken := map[string]bool{}
	if w.history != nil {
		for i := range w.history.changes {
			for _, file := range w.history.changes[i].sweep {
				taken[file] = true
			}
		}
	}
	if len(taken) == 0 && !slices.ContainsFunc(w.Plan.Steps, func(s Step) bool { return s.Do == Delete && s.class == output.Article }) {
		return nil
	}
	for _, folder := range w.viewFolders() {
		var keys []string
		err := w.site.all(ctx, folder+"hot", func(i Info) { keys = append(keys, i.Key) })
		if err != nil {
			return err
		}
		for _, key := range keys {
			if path.Ext(key) != ".json" {
				continue
			}
			if err := w.hotList(ctx, key, taken); err != nil {
				return err
			}
		}
	}
	return nil
}

// viewFolders returns the folders of counts: one at the root, and one in each folder with a home page of its own.
func (w *work) viewFolders() []string {
	out := []string{viewsDir}
	for i := range w.local.Files {
		e := &w.local.Files[i]
		if dir := path.Dir(e.Path); e.Class == output.Home && dir != "." && path.Base(e.Path) == "index.html" {
			out = append(out, dir+"/"+viewsDir)
		}
	}
	return out
}

func (w *work) hotList(ctx context.Context, key string, taken map[string]bool) error {
	body, info, err := w.site.read(ctx, key)
	if errors.Is(err, errNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	base := basePath(w.local.BaseURL)
	shorter, changed := dropRows(body, func(addr string) bool {
		file := fileOf(addr, base)
		_, ok := w.local.Find(file)
		return ok && !taken[file]
	})
	if !changed {
		return nil
	}
	o := small(key, shorter, output.MediaType(key))
	o.Cache = cmp.Or(info.Headers.Cache, caching[output.Feed])
	_, err = w.site.Put(ctx, o, Cond{Match: info.ETag})
	if errors.Is(err, errUnsupported) {
		_, err = w.site.Put(ctx, o, Cond{})
	}
	if errors.Is(err, errExists) {
		return nil
	}
	return err
}

// basePath is the path of the site's home page, / for most.
func basePath(baseURL string) string {
	u, err := url.Parse(baseURL)
	if err != nil || u.Path == "" {
		return "/"
	}
	return u.Path
}

// fileOf returns the file that answers at an address of a site whose home page is at base.
func fileOf(addr, base string) string {
	u, err := url.Parse(addr)
	if err != nil {
		return addr
	}
	p := strings.TrimPrefix(strings.TrimPrefix(u.Path, base), "/")
	if p == "" || strings.HasSuffix(p, "/") {
		p += "index.html"
	}
	return p
}

// dropRows removes rows, wherever they stand, whose "url" leads to a page that is not there. The order of keys is not kept; what is no
// hot list comes back as it is.
func dropRows(body []byte, there func(addr string) bool) (shorter []byte, changed bool) {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return body, false
	}
	v = prune(v, there, &changed)
	if !changed {
		return body, false
	}
	out, err := json.Marshal(v)
	if err != nil {
		return body, false
	}
	return append(out, '\n'), true
}

func prune(v any, there func(string) bool, changed *bool) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = prune(x, there, changed)
		}
	case []any:
		n := len(v)
		v = slices.DeleteFunc(v, func(x any) bool {
			row, ok := x.(map[string]any)
			addr, has := row["url"].(string)
			return ok && has && strings.HasPrefix(addr, "/") && !there(addr)
		})
		*changed = *changed || len(v) < n
		for i := range v {
			v[i] = prune(v[i], there, changed)
		}
		return v
	}
	return v
}
