package redirects

import (
	"fmt"
	"math/bits"
	"net/url"
	"slices"
	"strings"
)

const nginxHead = `# 由 zhendi redirects --format nginx 生成，请勿手改。%d 条。
# 放在 http { } 里，在别的 map 之前：
#     include /etc/nginx/zhendi-redirects.conf;
# 在网站的 server { } 里加三行：
#     absolute_redirect off;
#     if ($zhendi_redirect = 410) { return 410; }
#     if ($zhendi_redirect) { return 301 $zhendi_redirect; }
`

const nginxSizes = `
# 网址多或长时 map 需要的大小。nginx 说这两行重复（is duplicate）时，把 include 移到别的 map 之前；别处也写了这两行的，
# 删去别处的。
map_hash_max_size %d;
map_hash_bucket_size %d;
`

// entry is a line of a map.
type entry struct {
	key, to string
	below   bool // key is a folder
}

// block is a map: what is compared, and with what.
type block struct {
	source  string
	entries []entry
}

// nginx writes a map for each set of parameter names and one for paths. Each falls back on the next.
func (w *writer) nginx() {
	blocks := w.blocks(func(names []string) string {
		source := "$uri?"
		for i, n := range names {
			if n == "" {
				return "$uri?$args"
			}
			source += strings.Repeat("&", min(i, 1)) + strings.ToLower(n) + "=$arg_" + strings.ToLower(n)
		}
		return source
	}, nginxKeys)
	paths := slices.IndexFunc(blocks, func(b block) bool { return b.source == "" })
	if paths < 0 {
		blocks = append(blocks, block{})
	}
	fmt.Fprintf(&w.b, nginxHead, w.said)
	longest, most := 0, 0
	for _, b := range blocks {
		most = max(most, len(b.entries))
		for _, e := range b.entries {
			longest = max(longest, len(e.key))
		}
	}
	// A bucket holds whole entries (pointer, length, key; all aligned) and a pointer at its end; by default it is a
	// cache line of 32, 64 or 128 bytes, and there are 2048. With too few or too small ones nginx refuses a long
	// key, and warns of many: so a bucket has room for eight of the longest, or 512 bytes.
	if size := longest + 32; size > 64 || most > 1000 {
		fmt.Fprintf(&w.b, nginxSizes, max(2048, 1<<bits.Len(uint(most))), max(512, 1<<bits.Len(uint(8*size))))
	}
	for i, b := range blocks {
		name, fall := "$zhendi_redirect", `""`
		if i > 0 {
			name = fmt.Sprintf("$zhendi_redirect_%d", i)
		}
		if i+1 < len(blocks) {
			fall = fmt.Sprintf("$zhendi_redirect_%d", i+1)
		}
		if b.source == "" {
			b.source = "$uri"
		}
		fmt.Fprintf(&w.b, "\nmap \"%s\" %s {\n    default %s;\n", b.source, name, fall)
		nginxEntries(&w.b, b.entries)
		w.b.WriteString("}\n")
	}
}

// nginxEntries writes the lines of a map. nginx compares without regard to case: what differs only by it is written
// as regular expressions.
func nginxEntries(b *strings.Builder, entries []entry) {
	folded := map[string]map[string]bool{}
	for _, e := range entries {
		low := strings.ToLower(e.key)
		if folded[low] == nil {
			folded[low] = map[string]bool{}
		}
		folded[low][e.to] = true
	}
	seen := map[string]bool{}
	for _, e := range entries {
		low := strings.ToLower(e.key)
		switch {
		case e.below:
			fmt.Fprintf(b, "    \"~*^%s(/|$)\" \"%s\";\n", regexp(strings.TrimSuffix(e.key, "/")), e.to)
		case len(folded[low]) > 1:
			if !seen[e.key] {
				fmt.Fprintf(b, "    \"~^%s$\" \"%s\";\n", regexp(e.key), e.to)
			}
			seen[e.key] = true
		case !seen[low]:
			seen[low] = true
			fmt.Fprintf(b, "    \"%s\" \"%s\";\n", strings.ReplaceAll(e.key, `"`, `\"`), e.to)
		}
	}
}

// blocks parts the rules into maps: one for each set of parameter names, most first, then one for all others, whose
// source is empty. source names what is compared, keys what with.
func (w *writer) blocks(source func(names []string) string, keys func(r Rule) []string) (list []block) {
	at := map[string]int{}
	for _, r := range w.rules {
		w.said++
		src := ""
		if r.Query != "" {
			var names []string
			pairs, whole := r.pairs()
			for _, p := range pairs {
				names = append(names, p.name)
			}
			if whole {
				names = []string{""}
			}
			src = source(names)
		}
		i, known := at[src]
		if !known {
			i = len(list)
			at[src], list = i, append(list, block{source: src})
		}
		to := r.To
		if to == "" {
			to = "410"
		}
		if r.Below {
			list[i].entries = append(list[i].entries, entry{r.From, to, true})
			continue
		}
		for _, k := range keys(r) {
			list[i].entries = append(list[i].entries, entry{k, to, false})
		}
	}
	return list
}

// nginxKeys lists what the source of a rule's map can be: nginx does not decode arguments.
func nginxKeys(r Rule) (keys []string) {
	queries := []string{""}
	pairs, whole := r.pairs()
	if whole {
		queries = []string{"?" + r.Query, "?" + escape(r.Query, "-._~!$&'()*+,;:@/?=%")}
	}
	for i, p := range pairs {
		var more []string
		for _, q := range queries {
			for _, v := range spellings(p.value) {
				more = append(more, q+"?&"[min(i, 1):min(i, 1)+1]+strings.ToLower(p.name)+"="+v)
			}
		}
		queries = more
	}
	for _, a := range r.addresses() {
		for _, q := range queries {
			if k := a + q; !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	return keys
}

// spellings lists how browsers and old pages write a value in a query. Letter case of the escapes does not matter.
func spellings(value string) (list []string) {
	full := url.QueryEscape(value)
	for _, s := range []string{full, strings.ReplaceAll(full, "+", "%20"), escape(strings.ReplaceAll(value, "%", "%25"), "-._~!$'()*,;:@/?=|"), value} {
		if !slices.Contains(list, s) && (s != value || !strings.ContainsAny(s, "%&+# ")) {
			list = append(list, s)
		}
	}
	return list
}
