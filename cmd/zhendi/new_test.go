package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The archetypes of the sample are those of a new site.
func TestArchetypes(t *testing.T) {
	files, err := filepath.Glob("../../content/_archetypes/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no archetypes", err)
	}
	ours, err := newSite.ReadDir("site/content/_archetypes")
	if err != nil || len(ours) != len(files) {
		t.Errorf("a new site has %d archetypes, the sample %d", len(ours), len(files))
	}
	for _, f := range files {
		sample, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if own, err := newSite.ReadFile("site/content/_archetypes/" + filepath.Base(f)); err != nil || string(own) != string(sample) {
			t.Errorf("%s is not that of a new site: %v", f, err)
		}
	}
}

func TestFileName(t *testing.T) {
	for title, want := range map[string]string{
		"关于“学习”的通知":    "关于学习的通知",
		"A b: C":       "a-b-c",
		"a/b\\c*?<>|.": "abc",
		"——":           "gaojian",
		" 空 格 ":        "空-格",
	} {
		if got := fileName(title); got != want {
			t.Errorf("%q: %q, want %q", title, got, want)
		}
	}
}
