package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
)

// TestRecipeForViews runs the workflow that counts views, hour after hour, with logs, ledger and site in buckets: what is counted
// twice, comes late or meets a store that does not answer.
func TestRecipeForViews(t *testing.T) {
	t.Parallel()
	tool(t, "rclone")
	c := newCI(t)
	s := c.store
	for _, b := range []string{"logs", "private"} {
		if err := s.core.MakeBucket(context.Background(), b, minio.MakeBucketOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	put := func(key, text string) {
		t.Helper()
		if _, err := s.core.PutObject(context.Background(), "logs", key, strings.NewReader(text), int64(len(text)), "", "", minio.PutObjectOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	c.vars["S3_ENDPOINT"], c.vars["VIEWS_ACCESS_KEY_ID"], c.vars["VIEWS_SECRET_ACCESS_KEY"] = "http://"+s.address, storeKey, storeSecret
	c.write("site.yaml", strings.Replace(strings.Replace(c.file("site.yaml"), "prefix: www", "prefix: ''", 1), "\nhome:", "\nviews: {}\nhot: views\nhome:", 1))
	c.article("jia", "正文。", "id: aaaaaaaaaa")
	script, err := os.ReadFile(filepath.Join(recipesDir, "views.sh.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(c.edit, "ci"), 0o755); err != nil {
		t.Fatal(err)
	}
	c.write("ci/views.sh", string(script))
	c.push("main")
	if out, err := runActions(c, "github.yml", "push"); err != nil {
		t.Fatal(err, out)
	}
	page := time.Now().Add(-time.Hour).Format("/yw/2006/") + "jia.html"
	line := func(reader int) string {
		return fmt.Sprintf("203.0.113.%d - - [%s] \"GET %s HTTP/1.1\" 200 5000 \"-\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0\"\n",
			reader, time.Now().Add(-time.Minute).Format("02/Jan/2006:15:04:05 -0700"), page)
	}
	count := func(want int) {
		t.Helper()
		out, err := runActions(c, "github-views.yml", "schedule")
		if err != nil {
			t.Fatal(err, out)
		}
		if got, _ := s.read("dangjian", "_views/0.json"); !strings.Contains(got, fmt.Sprintf(`"aaaaaaaaaa":%d`, want)) {
			t.Errorf("want %d views, got %s\n%s", want, got, out)
		}
	}
	put("www/a.log", line(1)+line(2))
	count(2)
	count(2) // the same logs once more, on another machine
	put("www/a.log", line(1)+line(2)+line(3)+"读不懂的一行\n")
	count(3)
	head, err := s.core.StatObject(context.Background(), "dangjian", "_views/0.json", minio.StatObjectOptions{})
	if err != nil || head.Metadata.Get("Cache-Control") != "public, max-age=300" {
		t.Error(err, head.Metadata)
	}
	if out, err := runActions(c, "github.yml", "schedule"); err != nil {
		t.Error(err, out)
	}
	if got, _ := s.read("dangjian", "_views/0.json"); !strings.Contains(got, `"aaaaaaaaaa":3`) {
		t.Error("publishing changed the counts:", got)
	}
	// If it cannot be known whether there is a ledger, nothing is counted and nothing written.
	before, _ := s.read("private", "views.tgz")
	put("www/b.log", line(4))
	c.vars["VIEWS_SECRET_ACCESS_KEY"] = "falsch"
	if out, err := runActions(c, "github-views.yml", "schedule"); err == nil {
		t.Error("counted without a ledger:\n" + out)
	}
	if after, _ := s.read("private", "views.tgz"); after != before {
		t.Error("the ledger was replaced")
	}
	c.vars["VIEWS_SECRET_ACCESS_KEY"] = storeSecret
	count(4)
}
