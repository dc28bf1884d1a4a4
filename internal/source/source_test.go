package source

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"zhendi/internal/diag"
)

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	p := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func walk(t *testing.T, dir string) (paths []string, problems string) {
	t.Helper()
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	files, list := tree.Walk("content")
	for _, f := range files {
		b, err := tree.Read(f)
		if err != nil {
			list.Add(Unreadable(f.Path, err))
			continue
		}
		paths = append(paths, f.Path+"="+string(b))
	}
	var b strings.Builder
	list.Sort()
	if err := list.WriteText(&b, diag.EN); err != nil {
		t.Fatal(err)
	}
	return paths, b.String()
}

func TestWalkIsSortedAndPassesOverTemporaryFiles(t *testing.T) {
	dir := t.TempDir()
	for _, n := range []string{"b/x.md", "a.md", "a/z.md", ".git/x", "a/.x.swp", "a/z.md~", "~$x.docx", "a/#x#"} {
		put(t, dir, "content/"+n, n)
	}
	got, problems := walk(t, dir)
	want := []string{"content/a.md=a.md", "content/a/z.md=a/z.md", "content/b/x.md=b/x.md"}
	if !slices.Equal(got, want) || problems != "" {
		t.Errorf("%v %s", got, problems)
	}
}

func TestNamesAreNFC(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "content/cafe\u0301.md", "x")
	if got, _ := walk(t, dir); !slices.Equal(got, []string{"content/caf\u00e9.md=x"}) {
		t.Errorf("%q", got)
	}
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	tree.Walk("content")
	if b, err := tree.ReadPath("content/caf\u00e9.md"); string(b) != "x" {
		t.Errorf("the path that Walk returned cannot be read: %v", err)
	}
	put(t, dir, "content/caf\u00e9.md", "y")
	if _, problems := walk(t, dir); !strings.Contains(problems, "but for its Unicode form") {
		t.Errorf("two forms of a name pass: %s", problems)
	}
}

func TestNothingLeavesTheRoot(t *testing.T) {
	outside := t.TempDir()
	put(t, outside, "secret.md", "secret")
	dir := t.TempDir()
	put(t, dir, "content/a.md", "a")
	put(t, dir, "content/d/b.md", "b")
	for link, target := range map[string]string{
		"out.md": filepath.Join(outside, "secret.md"), "outdir": outside, "gone.md": "nowhere.md",
		"dir": "d", "in.md": "a.md", "up.md": "../../" + filepath.Base(outside) + "/secret.md",
	} {
		if err := os.Symlink(target, filepath.Join(dir, "content", link)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	got, problems := walk(t, dir)
	if want := []string{"content/a.md=a", "content/d/b.md=b", "content/in.md=a"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	for _, w := range []string{"content/out.md: error: symbolic link leads out", "content/outdir: error: symbolic link leads out", "content/gone.md:", "content/up.md:", "content/dir: error: symbolic link to a folder"} {
		if !strings.Contains(problems, w) {
			t.Errorf("no %q in\n%s", w, problems)
		}
	}
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for _, p := range []string{"../" + filepath.Base(outside) + "/secret.md", filepath.Join(outside, "secret.md"), "content/out.md"} {
		if b, err := tree.ReadPath(p); err == nil {
			t.Errorf("%s was read: %s", p, b)
		}
	}
}

func TestText(t *testing.T) {
	gb, err := simplifiedchinese.GB18030.NewEncoder().String("---\ntitle: x\n---\n关于召开会议的通知\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, in, out, problem string }{
		{"plain", "党建\n", "党建\n", ""},
		{"BOM and CRLF", "\xef\xbb\xbf一\r\n二\r三", "一\n二\n三", ""},
		{"GBK", gb, "", "a.md:4: error: the file is not UTF-8 but, it seems, GBK (this line reads \"关于召开会议的通知\")"},
		{"one bad byte", "党建\n党\xff建", "", "a.md:2:2: error: bytes that are not UTF-8"},
		{"UTF-16", "\xff\xfeZ\x00", "", "a.md:1: error: the file is UTF-16"},
		{"NUL", "党\x00", "", "a.md:1:2: error: a NUL byte"},
		{"too large", strings.Repeat("x", MaxText+1), "", "more than the 16 MB"},
		{"empty", "", "", ""},
	} {
		text, problems, ok := Text("a.md", []byte(c.in))
		var b strings.Builder
		if err := problems.WriteText(&b, diag.EN); err != nil {
			t.Fatal(err)
		}
		if string(text) != c.out || ok != (c.problem == "") || !strings.Contains(b.String(), c.problem) || (c.problem == "" && b.Len() > 0) {
			t.Errorf("%s: %q %v %s", c.name, text, ok, b.String())
		}
	}
}

// Files that came, went, grew or are links meanwhile among them.
func TestReadManyIsReadOfEach(t *testing.T) {
	dir := t.TempDir()
	for i := range 300 {
		put(t, dir, fmt.Sprintf("content/%d/%03d.md", i%7, i), strings.Repeat("稿件", i*i/10))
	}
	put(t, dir, "content/8/none.md", "gone")
	put(t, dir, "content/8/other.md", "once a file")
	tree, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	files, list := tree.Walk("content")
	if len(list) > 0 || len(files) != 302 {
		t.Fatalf("%d files, %v", len(files), list)
	}
	put(t, dir, "content/0/007.md", strings.Repeat("grown", 1000))
	put(t, dir, "content/1/008.md", "")
	at := func(name string) string { return filepath.Join(dir, "content/8", name) }
	if err := errors.Join(os.Remove(at("none.md")), os.Remove(at("other.md")), os.Symlink("/etc/hostname", at("other.md"))); err != nil {
		t.Skip(err)
	}
	next, wrong := 0, 0
	tree.ReadMany(make([]byte, 0, 4000), files, func(i int, b []byte, err error) {
		want, wantErr := tree.Read(files[i])
		if i != next || string(b) != string(want) || (err == nil) != (wantErr == nil) {
			t.Errorf("%s, %d after %d: %d bytes, %v, not %d, %v", files[i].Path, i, next, len(b), err, len(want), wantErr)
		}
		if next++; err != nil {
			wrong++
		}
	})
	if next != len(files) || wrong != 2 {
		t.Errorf("%d files, %d of them cannot be read", next, wrong)
	}
}
