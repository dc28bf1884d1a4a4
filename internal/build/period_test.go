package build

import (
	"fmt"
	"strings"
	"testing"
)

// The address of a year lives on when the year grows so long that it is divided by months.
func TestAddressOfADividedYear(t *testing.T) {
	files := map[string]string{"site.yaml": keptSettings + "pageSize: 5\n", "content/yw/_index.md": "---\ntitle: 要闻\n---\n"}
	add := func(n int) {
		files[fmt.Sprintf("content/yw/%02d.md", n)] = strings.Replace(page(fmt.Sprint("标题", n), "正文。"), "01-02", fmt.Sprintf("%02d-02", 1+n%5), 1)
	}
	for n := range 25 {
		add(n)
	}
	whole, problems := buildSite(t, makeSite(t, files), nil)
	if problems != "" || !strings.Contains(whole["yw/2026/index.html"], "标题") || whole["yw/2026-01/index.html"] != "" {
		t.Errorf("five pages are divided; %s", problems)
	}
	add(25)
	divided, problems := buildSite(t, makeSite(t, files), nil)
	if problems != "" || !strings.Contains(divided["yw/2026-01/index.html"], "标题") {
		t.Errorf("six pages are not divided; %s", problems)
	}
	if year := divided["yw/2026/index.html"]; !strings.Contains(year, `http-equiv="refresh"`) || !strings.Contains(year, `href="/yw/"`) {
		t.Errorf("the year leads to %.200q", year)
	}
}
