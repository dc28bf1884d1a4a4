package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"zhendi/themes"
)

// BenchmarkDeskRefresh saves one of many articles, has the desk take it up and makes its page: what an editor waits
// for. ZHENDI_SITE may name a site to copy the figures of; its newest article is not changed, only taken up again.
func BenchmarkDeskRefresh(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := deskSite(b, n)
			opt := Options{Source: dir, Themes: themes.FS, Version: "bench", Drafts: true, Future: true,
				Now: func(*time.Location) (time.Time, error) { return worldNow, nil }}
			d, err := OpenDesk(context.Background(), opt)
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			name := "content/c3/2024-a" + fmt.Sprint(n-17) + ".md"
			text, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				b.Fatal(err)
			}
			for i := 0; b.Loop(); i++ {
				if err := os.WriteFile(filepath.Join(dir, name), fmt.Appendf(text[:len(text):len(text)], "\n%d。\n", i), 0o644); err != nil {
					b.Fatal(err)
				}
				if _, err := d.Refresh(context.Background(), []string{name}); err != nil {
					b.Fatal(err)
				}
				if f, problems, ok := d.File("c3/2026/2024-a" + fmt.Sprint(n-17) + ".html"); !ok || len(f.Body) == 0 {
					b.Fatal(ok, problems, d.Problems())
				}
			}
		})
	}
}

// deskSite writes a site of n articles in twenty columns, over ten years.
func deskSite(b *testing.B, n int) string {
	dir := b.TempDir()
	if shm, err := os.MkdirTemp("/dev/shm", "zhendi-desk-"); err == nil {
		dir = shm
		b.Cleanup(func() { os.RemoveAll(shm) })
	}
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	put("site.yaml", "name: 云岫党建网\nbaseURL: https://t.example/\neditions: [zh-Hans, zh-Hant]\n")
	for c := range 20 {
		if err := os.MkdirAll(filepath.Join(dir, "content", fmt.Sprintf("c%d", c)), 0o755); err != nil {
			b.Fatal(err)
		}
		put(fmt.Sprintf("content/c%d/_index.md", c), fmt.Sprintf("---\ntitle: 栏目%d\n---\n", c))
	}
	for i := range n {
		at := worldNow.Add(-time.Duration(n-i) * 10 * 365 * 24 * time.Hour / time.Duration(n))
		put(fmt.Sprintf("content/c%d/2024-a%d.md", i%20, i), fmt.Sprintf(
			"---\ntitle: 机关党委召开第%d次学习会\ndate: %s\nsource: 云岫党建网\nauthor: 通讯员%d\ntags: [党建, 学习%d]\n---\n\n## 一、活动背景\n\n第%d段正文，干部群众后来都说好。\n\n见[前文](2024-a%d.md)。\n",
			i, at.Format("2006-01-02 15:04"), i%50, i%100, i, max(i-20, i%20)))
	}
	return dir
}
