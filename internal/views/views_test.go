package views

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// torture reports whether the long forms were asked for (make torture).
func torture() bool { return os.Getenv("ZHENDI_TORTURE") != "" }

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// start is the beginning of the first day of the tests' logs.
var start = time.Date(2026, 11, 16, 0, 0, 0, 0, shanghai)

// memory returns a new folder, in memory if the system has such a place.
func memory(t testing.TB) string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		if dir, err := os.MkdirTemp("/dev/shm", "zhendi-views-"); err == nil {
			t.Cleanup(func() { os.RemoveAll(dir) })
			return dir
		}
	}
	return t.TempDir()
}

// testID is the id of the nth article of the tests.
func testID(n int) ID { return ID(n)*0x9e3779b97f4a7c15>>14 ^ ID(n) }

// writeCatalogue writes a catalogue of n articles in two editions, with an alias each.
func writeCatalogue(t testing.TB, dir string, n int) string {
	t.Helper()
	var list []entry
	for i := range n {
		id := testID(i).String()
		list = append(list, entry{ID: id, Column: []string{"yw/jgdt", "tzgg"}[i%2], Date: "2026-11-01T08:00:00+08:00", Editions: []face{
			{"zh-Hans", fmt.Sprintf("/yw/2026/%d.html", i), []string{fmt.Sprintf("/%%E6%%97%%A7/%d.html", i), fmt.Sprintf("/old/%d/", i)}, fmt.Sprintf("标题%d", i)},
			{"zh-Hant", fmt.Sprintf("/hant/yw/2026/%d.html", i), nil, fmt.Sprintf("標題%d", i)},
		}})
	}
	b, err := json.Marshal(map[string]any{"articles": list})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "catalogue.json")
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// settings are those of a ledger in dir.
func settings(dir, catalogue string, now time.Time) Settings {
	return Settings{Zone: shanghai, Slot: 30, Late: 72 * time.Hour, Catalogue: catalogue, Ledger: filepath.Join(dir, "ledger"), Now: now}
}

const firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Firefox/115.0"

// hit is a line of a combined log.
type hit struct {
	addr, path, agent string
	at                time.Time
	method            string
	status            int
}

func (h hit) line() string {
	return fmt.Sprintf(`%s - - [%s] "%s %s HTTP/1.1" %d 5120 "https://www.example.gov.cn/" "%s"`, h.addr, h.at.Format("02/Jan/2006:15:04:05 -0700"), h.method, h.path, h.status, h.agent)
}

// paths are the spellings in which article n is asked for.
func paths(r *rand.Rand, n int) string {
	return []string{
		fmt.Sprintf("/yw/2026/%d.html", n), fmt.Sprintf("/hant/yw/2026/%d.html", n), fmt.Sprintf("/yw/2026/%d.html?from=wx&a=/b", n),
		fmt.Sprintf("/yw//2026/./%d%%2ehtml", n), fmt.Sprintf("/%%e6%%97%%a7/%d.html", n), fmt.Sprintf(`/\xE6\x97\xA7/%d.html`, n),
		fmt.Sprintf("/old/%d/index.html", n), fmt.Sprintf("http://www.example.gov.cn/old/%d/", n), fmt.Sprintf("/a/../old/%d/", n),
	}[r.IntN(9)]
}

// randomHits makes lines of a few readers over several days: many repeat, some do not count.
func randomHits(r *rand.Rand, n, articles, days int) (hits []hit, truth map[string]bool) {
	truth = map[string]bool{}
	for range n {
		article := r.IntN(articles)
		h := hit{addr: fmt.Sprintf("10.0.0.%d", r.IntN(6)), path: paths(r, article), agent: []string{firefox, firefox + " a", `x \"q\"`}[r.IntN(3)],
			at: start.Add(time.Duration(r.IntN(days*86400)) * time.Second), method: "GET", status: 200}
		if r.IntN(3) == 0 {
			h.status = 304
		}
		good := true
		switch r.IntN(12) {
		case 0:
			h.method, good = "POST", false
		case 1:
			h.status, good = 404, false
		case 2:
			h.agent, good = "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)", false
		case 3:
			h.agent, good = "-", false
		case 4:
			h.path, good = "/assets/site.css", false
		}
		hits = append(hits, h)
		if good {
			truth[fmt.Sprintf("%d %s %s %d", article, h.addr, h.agent, h.at.Sub(start)/(30*time.Minute))] = true
		}
	}
	return hits, truth
}

// oracle counts the truth by article.
func oracle(truth map[string]bool) map[ID]int64 {
	out := map[ID]int64{}
	for k := range truth {
		var n int
		fmt.Sscan(k, &n)
		out[testID(n)]++
	}
	return out
}

// counted returns what a ledger says.
func counted(t testing.TB, s Settings) map[ID]int64 {
	t.Helper()
	l, err := load(system(), s.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	if l == nil {
		return map[ID]int64{}
	}
	totals, err := l.totals()
	if err != nil {
		t.Fatal(err)
	}
	out := map[ID]int64{}
	for id, c := range totals.Articles {
		out[id] = c[All]
	}
	return out
}

func same(a, b map[ID]int64) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

func lineText(hits []hit) string {
	var b strings.Builder
	for _, h := range hits {
		b.WriteString(h.line() + "\n")
	}
	return b.String()
}

func mustIngest(t testing.TB, s Settings, in Input) Report {
	t.Helper()
	rep, err := Ingest(t.Context(), s, in)
	if err != nil {
		t.Fatal(err)
	}
	if !rep.Account.Closes() {
		t.Fatalf("the account does not close: %+v", rep.Account)
	}
	return rep
}

func put(t testing.TB, name, text string) string {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
	return name
}
