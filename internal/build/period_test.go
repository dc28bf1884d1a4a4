package build

import (
	"fmt"
	"maps"
	"regexp"
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

// When articles of the newest year are taken back, the part before stands on the front alone: its address leads there, and stays its own.
func TestAddressOfAPartThatIsOnTheFrontAlone(t *testing.T) {
	files := map[string]string{"site.yaml": keptSettings + "pageSize: 5\n", "content/yw/_index.md": "---\ntitle: 要闻\n---\n"}
	file := func(month int) string { return fmt.Sprintf("content/yw/2024-%02d.md", month) }
	for month := 1; month <= 12; month++ {
		files[file(month)] = strings.Replace(page(fmt.Sprint("标题", month), "正文。"), "2026-01-02", fmt.Sprintf("2024-%02d-02", month), 1)
	}
	for _, c := range []struct {
		months int
		want   string // what each archive page leads to, or shows
	}{
		{12, "_q1: 第一季度 _q2: 第二季度 _q3: 第三季度 index: /yw/"},
		{11, "_q1: 第一季度 _q2: 第二季度 _q3: /yw/ index: /yw/"},
		{10, "_q1: 第一季度 _q2: 第二季度 _q3: /yw/ index: /yw/"},
		{8, "_q1: 第一季度 _q2: /yw/ _q3: /yw/ index: /yw/"},
		{7, "index: 2024年"},
		{5, "index: /yw/"},
	} {
		for month := c.months + 1; month <= 12; month++ {
			delete(files, file(month))
		}
		all, problems := buildSite(t, makeSite(t, files), nil)
		if problems != "" {
			t.Fatal(problems)
		}
		var got []string
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if at, ok := strings.CutPrefix(name, "yw/2024/"); ok && !strings.HasPrefix(at, "2024-") {
				shows := regexp.MustCompile(`url=([^"]+)"|<title>.*_(?:2024年(第.季度)|(2024年))`).FindStringSubmatch(all[name])
				if shows == nil {
					t.Fatalf("%s: %s", name, all[name])
				}
				got = append(got, strings.TrimSuffix(at, ".html")+": "+strings.Join(shows[1:], ""))
			}
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%d months: %s\nwant %s", c.months, text, c.want)
		}
	}
}
