package views

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// written makes a ledger with a few views, and its sidecar.
func written(t *testing.T) (s Settings, w Sidecar) {
	dir := memory(t)
	s = settings(dir, writeCatalogue(t, dir, 40), start.Add(24*time.Hour))
	w = Sidecar{Out: filepath.Join(dir, "public", Folder), Lock: filepath.Join(dir, "public"), Shards: 8, Editions: []Edition{{"zh-Hans", ""}, {"zh-Hant", "hant"}}}
	var hits []hit
	for i := range 30 {
		for k := range i {
			hits = append(hits, hit{fmt.Sprintf("10.0.0.%d", k), fmt.Sprintf("/yw/2026/%d.html", i), firefox, start.Add(time.Hour), "GET", 200})
		}
	}
	mustIngest(t, s, Input{Logs: []string{"-"}, Stdin: strings.NewReader(lineText(hits))})
	return s, w
}

// Only the files whose numbers changed are written, and only they.
func TestOnlyWhatChangedIsWritten(t *testing.T) {
	s, w := written(t)
	if _, err := Write(t.Context(), s, w); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	list, err := os.ReadDir(w.Out)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if err := os.Chtimes(filepath.Join(w.Out, e.Name()), old, old); err != nil {
			t.Fatal(err)
		}
	}
	put(t, filepath.Join(w.Out, "mine.json"), "{}")
	mustIngest(t, s, Input{Logs: []string{"-"}, Stdin: strings.NewReader(hit{"10.1.1.1", "/yw/2026/29.html", firefox, start.Add(time.Hour), "GET", 200}.line() + "\n")})
	res, err := Write(t.Context(), s, w)
	if err != nil {
		t.Fatal(err)
	}
	var changed []string
	list, err = os.ReadDir(w.Out)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if info, err := e.Info(); err == nil && info.ModTime().After(old.Add(time.Minute)) {
			changed = append(changed, e.Name())
		}
	}
	want := []string{fmt.Sprint(testID(29).shard(8)) + ".json", "hot-all.hant.json", "hot-all.json", "hot-day.hant.json", "hot-day.json", "hot-month.hant.json", "hot-month.json", "hot-week.hant.json", "hot-week.json", "mine.json", "site.json"}
	if slices.Sort(want); !slices.Equal(changed, want) || res.Changed != len(want)-1 || res.Removed != 0 {
		t.Errorf("changed %v, want %v; %+v", changed, want, res)
	}
	w.Shards = 3
	if res, err = Write(t.Context(), s, w); err != nil || res.Removed != 5 {
		t.Errorf("with fewer shards: %+v %v", res, err)
	}
	if _, err := os.Stat(filepath.Join(w.Out, "mine.json")); err != nil {
		t.Error("a file that is not ours is gone")
	}
}

// A page fetches little; where it would be more, the advice holds to the limit.
func TestAdviceOnShards(t *testing.T) {
	dir := memory(t)
	s := settings(dir, writeCatalogue(t, dir, 20000), start)
	var csv strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&csv, "/yw/2026/%d.html,%d\n", i, i*7919%99991)
	}
	if _, err := Import(t.Context(), s, "cms", "cms.csv", strings.NewReader(csv.String())); err != nil {
		t.Fatal(err)
	}
	w := Sidecar{Out: filepath.Join(dir, Folder), Shards: 16, Editions: []Edition{{"zh-Hans", ""}}}
	res, err := Write(t.Context(), s, w)
	if err != nil || res.Advice <= 16 || res.Largest <= Limit {
		t.Fatalf("%+v %v", res, err)
	}
	w.Shards = res.Advice
	if res, err = Write(t.Context(), s, w); err != nil || res.Advice != 0 || res.Largest > Limit {
		t.Errorf("with the advice, %d: %+v %v", w.Shards, res, err)
	}
}

// What is written is what the schemas of the manual say.
func TestSchemasOfTheManual(t *testing.T) {
	page, err := os.ReadFile("../../content/bjzn/views.md")
	if err != nil {
		t.Fatal(err)
	}
	schemas := map[string]map[string]any{}
	for _, block := range strings.Split(string(page), "```json\n")[1:] {
		text, _, _ := strings.Cut(block, "```")
		var v map[string]any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		title, _, _ := strings.Cut(filepath.Base(v["title"].(string)), "<")
		schemas[strings.TrimSuffix(title, ".json")] = v
	}
	s, w := written(t)
	if _, err := Write(t.Context(), s, w); err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadDir(w.Out)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		body, err := os.ReadFile(filepath.Join(w.Out, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			t.Fatal(err)
		}
		kind := ""
		switch {
		case strings.HasPrefix(e.Name(), "hot-"):
			kind = "hot-"
		case e.Name() == "site.json":
			kind = "site"
		}
		schema := schemas[kind]
		if schema == nil {
			t.Fatalf("the manual has no schema of %s: %v", e.Name(), schemas)
		}
		obey(t, e.Name(), schema, schema, v)
	}
}

// obey checks a value against the few words of JSON Schema that the manual uses; it fails on others.
func obey(t *testing.T, at string, root, schema map[string]any, v any) {
	if ref, ok := schema["$ref"].(string); ok {
		schema = root["$defs"].(map[string]any)[filepath.Base(ref)].(map[string]any)
	}
	ok := false
	switch schema["type"] {
	case "object":
		o, is := v.(map[string]any)
		ok = is
		for _, k := range list(schema["required"]) {
			if o[k.(string)] == nil {
				t.Errorf("%s has no %s", at, k)
			}
		}
		known, _ := schema["properties"].(map[string]any)
		for k, x := range o {
			if p, is := known[k].(map[string]any); is {
				obey(t, at+"."+k, root, p, x)
			} else if p, is := schema["additionalProperties"].(map[string]any); is {
				obey(t, at+"."+k, root, p, x)
			} else {
				t.Errorf("%s: the schema does not know %s", at, k)
			}
		}
	case "array":
		a, is := v.([]any)
		ok = is && float64(len(a)) <= schema["maxItems"].(float64)
		for _, x := range a {
			obey(t, at+"[]", root, schema["items"].(map[string]any), x)
		}
	case "string":
		_, ok = v.(string)
	case "integer":
		n, is := v.(float64)
		low, _ := schema["minimum"].(float64)
		ok = is && n == float64(int64(n)) && n >= low
	}
	if !ok {
		t.Errorf("%s is %v, not as the schema says", at, v)
	}
}

func list(v any) []any { l, _ := v.([]any); return l }

// Of two runs at a time one waits and says so; together they count what they should.
func TestTwoRunsAtATime(t *testing.T) {
	dir := memory(t)
	s := settings(dir, writeCatalogue(t, dir, 5), start.Add(24*time.Hour))
	var waited atomic.Int32
	s.Busy = func(holder string) {
		if strings.Contains(holder, "views ingest, process") {
			waited.Add(1)
		}
	}
	lock, err := s.lock(t.Context(), "views ingest")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	for i := range 4 {
		go func() {
			h := hit{fmt.Sprintf("10.0.0.%d", i), "/yw/2026/1.html", firefox, start, "GET", 200}
			_, err := Ingest(t.Context(), s, Input{Logs: []string{"-"}, Stdin: strings.NewReader(h.line() + "\n")})
			done <- err
		}()
	}
	for waited.Load() < 4 {
		time.Sleep(time.Millisecond)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if got := counted(t, s); got[testID(1)] != 4 {
		t.Errorf("counted %v", got)
	}
}
