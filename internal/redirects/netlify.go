package redirects

import (
	"fmt"
	"strings"
)

// netlify writes _redirects. The mark ! lets a rule come before the page that leads on, which stands there, too.
// Netlify does not tell /a from /a/.
func (w *writer) netlify() {
	w.b.WriteString("# 由 zhendi redirects --format netlify 生成，请勿手改。放在发布的文件夹里，名为 _redirects。\n")
	for _, r := range w.rules {
		if r.To == "" {
			w.leave(whyGone)
			continue
		}
		pairs, whole := r.pairs()
		if whole {
			w.leave(whyWhole)
			continue
		}
		to := r.To
		if strings.HasPrefix(to, "/") {
			to = strings.ReplaceAll(to, ":", "%3A")
		}
		from := strings.TrimSuffix(netlifyText(r.From, "/"), "/")
		if r.Below {
			from += "/*"
		}
		if from == "" {
			from = "/"
		}
		for _, p := range pairs {
			from += " " + p.name + "=" + netlifyText(p.value, "")
		}
		fmt.Fprintf(&w.b, "%s %s 301!\n", from, to)
		w.said++
	}
}

// netlifyText escapes decoded text but for the characters of keep.
func netlifyText(s, keep string) string {
	return escape(strings.ReplaceAll(s, "%", "%25"), "-._~"+keep)
}
