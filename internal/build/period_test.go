package build

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// The address of a year lives on when the year grows so long that it is divided, and the parts lead to one another.
func TestAddressOfADividedYear(t *testing.T) {
	files := map[string]string{"site.yaml": keptSettings + "pageSize: 5\neditions: [zh-Hans, zh-Hant]\n", "content/yw/_index.md": "---\ntitle: 要闻\n---\n"}
	add := func(year, n, month int) {
		text := strings.Replace(page(fmt.Sprint("标题", n), "正文。"), "2026-01-02", fmt.Sprintf("%d-%02d-02", year, month), 1)
		files[fmt.Sprintf("content/yw/%d-%02d.md", year, n)] = text
	}
	archives := func() map[string]string {
		t.Helper()
		all, problems := buildSite(t, makeSite(t, files), nil)
		if problems != "" {
			t.Fatal(problems)
		}
		maps.DeleteFunc(all, func(name, _ string) bool {
			return !strings.HasPrefix(name, "yw/2025/") || strings.Contains(name, "2025-")
		})
		return all
	}
	for n := range 5 {
		add(2026, n, 3)
	}
	for n := range 7 {
		add(2025, n, 1+n)
	}
	whole := archives()
	if text := whole["yw/2025/index.html"]; len(whole) != 1 || strings.Count(text, "<li><a href=\"/yw/2025/2025-") != 7 || !strings.Contains(text, "2025年<") {
		t.Errorf("a page and a half: %v", slices.Sorted(maps.Keys(whole)))
	}
	add(2025, 7, 12)
	parts := archives()
	if got := slices.Sorted(maps.Keys(parts)); !slices.Equal(got, []string{"yw/2025/_q1.html", "yw/2025/_q2.html", "yw/2025/_q3.html", "yw/2025/index.html"}) {
		t.Fatalf("two pages are divided as %v", got)
	}
	for name, want := range map[string]string{"index": "2025年第四季度<", "_q3": "2025年第三季度<", "_q1": "2025年第一季度<"} {
		if text := parts["yw/2025/"+name+".html"]; !strings.Contains(text, want) {
			t.Errorf("%s does not say %s", name, want)
		}
	}
	if text := parts["yw/2025/_q3.html"]; !strings.Contains(text, `rel="prev" href="/yw/2025/"`) || !strings.Contains(text, `rel="next" href="/yw/2025/_q2.html"`) {
		t.Error("a quarter does not lead to those beside it")
	}
	all, _ := buildSite(t, makeSite(t, files), nil)
	if text := all["hant/yw/index.html"]; !strings.Contains(text, `href="/hant/yw/2025/">第四季度</a>`) || !strings.Contains(text, `href="/hant/yw/2025/_q1.html">第一季度</a>`) || strings.Contains(text, "/yw/2026/\"") ||
		!strings.Contains(all["yw/2026/index.html"], `href="/yw/"`) {
		t.Errorf("the front does not lead to the quarters:\n%s", text)
	}
}
