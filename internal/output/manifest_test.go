package output

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const sampleManifest = `# zhendi manifest 1
# generator: zhendi 1.0
# base-url: https://example.gov.cn/
# drafts: no
# future: yes
# audience:
# lan: no
# serial: 42
# files: 2
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  assets/a b.css	0	asset	text/css; charset=utf-8
2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae  党建/1.html	3	article	text/html; charset=utf-8
`

func TestManifestText(t *testing.T) {
	m := &Manifest{
		Build: Build{Generator: "zhendi 1.0", BaseURL: "https://example.gov.cn/", Future: true, Serial: 42},
		Files: []Entry{
			{Path: "assets/a b.css", Sum: sha256.Sum256(nil), Media: "text/css; charset=utf-8", Class: Asset},
			{Path: "党建/1.html", Sum: sha256.Sum256([]byte("foo")), Size: 3, Media: "text/html; charset=utf-8", Class: Article},
		},
	}
	var b bytes.Buffer
	if err := m.Write(&b); err != nil || b.String() != sampleManifest {
		t.Errorf("Write: %v\n%s", err, &b)
	}
	got, err := Parse([]byte(sampleManifest))
	if err != nil || !reflect.DeepEqual(got, m) {
		t.Errorf("Parse: %v, %+v", err, got)
	}
	if e, ok := got.Find("党建/1.html"); !ok || e != m.Files[1] {
		t.Errorf("Find: %v %+v", ok, e)
	}
	if _, ok := got.Find("党建"); ok {
		t.Error("Find found a folder")
	}
}

func TestManifestRefusesWhatItDoesNotWrite(t *testing.T) {
	for _, c := range []struct{ old, new, err string }{
		{"# zhendi manifest 1", "# zhendi manifest 2", "line 1: want"},
		{"# zhendi manifest 1\n", "\ufeff# zhendi manifest 1\n", "line 1: want"},
		{"# drafts: no\n", "", `line 4: want "# drafts: …"`},
		{"drafts: no", "drafts: maybe", `line 9: bad value in "# drafts: maybe", line 4`},
		{"drafts: no", "drafts:no", "bad value in"},
		{"audience:\n", "audience: \n", "bad value in"},
		{"audience:\n", "audience:  x\n", "line 9: output: manifest"},
		{"audience:\n", "audience: x\r\n", "line 9: output: manifest"},
		{"serial: 42", "serial: 042", "bad value"},
		{"serial: 42", "serial: -1", "negative"},
		{"serial: 42", "serial: 99999999999999999999", "bad value"},
		{"files: 2", "files: 3", "line 9: the header promises 3 files, 2 lines follow"},
		{"files: 2", "files: -2", "line 9: "},
		{"files: 2", "files: 99999999999999", "line 9: "},
		{"e3b0", "E3B0", "line 10: bad SHA-256"},
		{"e3b0", "g3b0", "line 10: bad SHA-256"},
		{"b855  assets", "b855 *assets", "line 10: want a SHA-256, two spaces"},
		{"b.css\t0", "b.css\t00", `line 10: bad size "00"`},
		{"b.css\t0", "b.css\t-1", `line 10: bad size "-1"`},
		{"b.css\t0", "b.css\t99999999999999999999", "line 10: bad size"},
		{"b.css\t0", "b.css\t", "line 10: bad size"},
		{"asset\t", "assets\t", `line 10: unknown class "assets"`},
		{"text/css; ", "text\u00e9/css; ", "line 10: bad media type"},
		{"\ttext/css; charset=utf-8", "", "line 10: want path, size, class"},
		{"asset\ttext/css; charset=utf-8", "", "line 10: want path, size, class"},
		{"text/css", "text/css\tx", "line 10: bad media type"},
		{"assets/a b.css", "../a.css", "line 10: output: bad path"},
		{"assets/a b.css", "/etc/passwd", "line 10: output: bad path"},
		{"assets/a b.css", "a\\b.css", "line 10: output: bad path"},
		{"assets/a b.css", "a\xff.css", "line 10: output: bad path"},
		{"assets/a b.css", "_site/manifest.txt", "line 10: output: bad path"},
		{"assets/a b.css", ".zhendi-build/lock", "line 10: output: bad path"},
		{"assets/a b.css", "", "line 10: output: bad path"},
		{"assets/a b.css", "党建/1.html", "line 11: \"党建/1.html\" does not come after"},
		{"assets/a b.css", "龙.css", "line 11: \"党建/1.html\" does not come after"},
		{"utf-8\n2c26", "utf-8\n\n2c26", "line 9: "},
		{"text/html; charset=utf-8\n", "text/html; charset=utf-8\nmore", "line 12: the text ends"},
		{"assets/a b.css", strings.Repeat("a/", 2050) + "b.css", "line 10: output: bad path"},
		{"assets/a b.css", strings.Repeat("a/", 40_000) + "b.css", "line 10: output: bad path"},
	} {
		text := strings.Replace(sampleManifest, c.old, c.new, 1)
		if text == sampleManifest {
			t.Fatalf("%q is not in the sample", c.old)
		}
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%q for %q: error %v, want %s", c.new, c.old, err, c.err)
		}
	}
	for n := range sampleManifest {
		var p parser // whatever the pieces are, in which the text comes
		p.Write([]byte(sampleManifest[:n]))
		p.Write([]byte(sampleManifest[n:]))
		if m, err := p.end(); err != nil || m.Len() != 2 || m.Path(1) != "党建/1.html" {
			t.Fatalf("cut at %d: %v", n, err)
		}
		if m, err := Parse([]byte(sampleManifest[:n])); err == nil {
			t.Fatalf("the first %d bytes are read as %+v", n, m)
		}
	}
}

func TestBuildFactsMustBeOneLine(t *testing.T) {
	for _, b := range []Build{{Generator: "a\nb"}, {BaseURL: "a\tb"}, {Audience: " a"}, {Audience: "a\xff"}, {Serial: -1}} {
		tx, err := Open(t.Context(), t.TempDir(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Commit(b); err == nil {
			t.Errorf("%+v was written", b)
		}
	}
}

func TestManifestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 200 {
		m := &Manifest{Build: Build{Generator: "g", Audience: "内部", LAN: r.IntN(2) == 0, Serial: r.Int64()}, Files: []Entry{}}
		for i := range r.IntN(50) {
			p := fmt.Sprintf("%c/%04d %c.%s", '一'+r.IntN(99), i, rune(0x21+r.IntN(3)), []string{"html", "JPG", "", "ofd"}[r.IntN(4)])
			e := Entry{Path: strings.TrimSuffix(strings.ReplaceAll(p, `"`, "'"), "."), Size: r.Int64(), Class: Class(r.IntN(classes))}
			e.Media = MediaType(e.Path)
			e.Sum[r.IntN(len(e.Sum))] = byte(r.IntN(256))
			m.Files = append(m.Files, e)
		}
		slices.SortFunc(m.Files, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
		var b bytes.Buffer
		if err := m.Write(&b); err != nil {
			t.Fatal(err)
		}
		got, err := Parse(b.Bytes())
		if err != nil || !reflect.DeepEqual(got, m) {
			t.Fatalf("%v\n%s", err, &b)
		}
	}
}

// FuzzParse: what is accepted is what Write writes.
func FuzzParse(f *testing.F) {
	f.Add([]byte(sampleManifest))
	f.Add([]byte(strings.Replace(sampleManifest, "files: 2", "files: 9999999999", 1)))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := Parse(text)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if m.Write(&b); !bytes.Equal(b.Bytes(), text) {
			t.Errorf("%q is written as %q", text, &b)
		}
	})
}

func FuzzParseJournal(f *testing.F) {
	f.Add([]byte(journalMagic + "\narticle\ta/b.html\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := parseJournal(text)
		for _, f := range list {
			if err == nil && CheckPath(f.path) != nil {
				t.Errorf("path %q", f.path)
			}
		}
	})
}
