package redirects

import (
	"fmt"
	"slices"
	"strings"
)

const caddyHead = `# 由 zhendi redirects --format caddy 生成，请勿手改。%d 条。
# 在网站的块里加一行：
#     import zhendi-redirects.caddy
`

// caddyGroup are the rules below one folder of the top. Caddy goes through a map from its start, so pages that are
// elsewhere should not meet it.
type caddyGroup struct {
	folder string // empty: anywhere
	rules  []Rule
}

// caddy writes maps for each group.
func (w *writer) caddy() {
	var groups []caddyGroup
	at := map[string]int{}
	for _, r := range w.rules {
		folder := topFolder(r.From)
		i, known := at[folder]
		if !known {
			i = len(groups)
			at[folder], groups = i, append(groups, caddyGroup{folder: folder})
		}
		groups[i].rules = append(groups[i].rules, r)
	}
	slices.SortFunc(groups, func(a, b caddyGroup) int { return strings.Compare(a.folder, b.folder) })
	fmt.Fprintf(&w.b, caddyHead, len(w.rules))
	for i, g := range groups {
		part := writer{rules: g.rules}
		part.caddyGroup(i+1, g.folder)
		w.said += part.said
		w.b.WriteString(part.b.String())
	}
}

// topFolder returns the first folder of a path if it can be written in a matcher; matchers ignore letter case.
func topFolder(from string) string {
	top, _, ok := strings.Cut(from[1:], "/")
	if !ok || top == "" || strings.Trim(strings.ToLower(top), "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		return ""
	}
	return strings.ToLower(top)
}

// caddyGroup writes group n. The names of its variables hold a character that stands in no address as it is written
// here: Caddy refuses maps that speak of their own variable. "-" stands for no redirect. The path is that of the
// request as it came, which try_files may have changed.
func (w *writer) caddyGroup(n int, folder string) {
	blocks := w.blocks(func(names []string) string {
		source := "{http.request.orig_uri.path}?"
		for i, name := range names {
			if name == "" {
				return source + "{query}"
			}
			source += strings.Repeat("&", min(i, 1)) + name + "={query." + name + "}"
		}
		return source
	}, caddyKeys)
	matcher := ""
	if folder != "" {
		fmt.Fprintf(&w.b, "\n@zhendi_%d path /%s /%s/*", n, folder, folder)
		matcher = fmt.Sprintf("@zhendi_%d ", n)
	}
	to := fmt.Sprintf("{zhendi^%d}", n)
	var all []string
	for i, b := range blocks {
		name := to
		if len(blocks) > 1 {
			name = fmt.Sprintf("{zhendi^%d^%d}", n, i)
			all = append(all, name)
		}
		if b.source == "" {
			b.source = "{http.request.orig_uri.path}"
		}
		fmt.Fprintf(&w.b, "\nmap %s\"%s\" %s {\n", matcher, b.source, name)
		caddyEntries(&w.b, b.entries)
		w.b.WriteString("\tdefault -\n}\n")
	}
	if len(all) > 0 { // the first that says something
		fmt.Fprintf(&w.b, "\nmap %s\"%s\" %s {\n\t\"~^(?:-\\|)*([^|-][^|]*)\" \"$1\"\n\tdefault -\n}\n", matcher, strings.Join(all, "|"), to)
	}
	condition := ""
	if folder != "" {
		condition = fmt.Sprintf("\tpath /%s /%s/*\n", folder, folder)
	}
	fmt.Fprintf(&w.b, "@zhendi_%d_gone vars %s 410\nerror @zhendi_%d_gone 410\n", n, to, n)
	fmt.Fprintf(&w.b, "@zhendi_%d_to {\n%s\tnot vars %s - 410\n}\nredir @zhendi_%d_to %s 301\n", n, condition, to, n, to)
}

// caddyEntries writes the lines of a map. Braces mean something to Caddy also between quotes; a quote cannot follow a
// backslash: what holds one of them is written as a regular expression.
func caddyEntries(b *strings.Builder, entries []entry) {
	seen := map[string]bool{}
	for _, e := range entries {
		switch {
		case e.below:
			fmt.Fprintf(b, "\t\"~(?i)^%s(/|$)\" \"%s\"\n", regexp(strings.TrimSuffix(e.key, "/")), e.to)
		case seen[e.key]:
		case strings.ContainsAny(e.key, "{}\"\\^`"):
			fmt.Fprintf(b, "\t\"~^%s$\" \"%s\"\n", regexp(e.key), e.to)
		default:
			fmt.Fprintf(b, "\t\"%s\" \"%s\"\n", e.key, e.to)
		}
		seen[e.key] = true
	}
}

// caddyKeys lists what the source of a rule's map can be. Caddy decodes parameters.
func caddyKeys(r Rule) (keys []string) {
	query := ""
	pairs, whole := r.pairs()
	for i, p := range pairs {
		query += "?&"[min(i, 1):min(i, 1)+1] + p.name + "=" + p.value
	}
	for _, a := range r.addresses() {
		if whole {
			for _, q := range []string{r.Query, escape(r.Query, "-._~!$&'()*+,;:@/?=%")} {
				keys = append(keys, a+"?"+q)
			}
			continue
		}
		keys = append(keys, a+query)
	}
	return keys
}
