package publish

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"zhendi/internal/output"
)

func TestInventoryComesBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 50 {
		l := &inventory{serial: r.Int64(), records: []record{}}
		for i := range n {
			rec := record{key: fmt.Sprintf("党 建/%06d.html", i), sum: sha256.Sum256([]byte{byte(i)}), headers: "0a1b2c3d", size: r.Int64(), class: output.Class(r.IntN(7)), retired: r.Int64N(3)}
			if i%3 > 0 {
				rec.etag = fmt.Sprintf("%x-3", i)
			}
			l.records = append(l.records, rec)
		}
		packed, err := l.encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := decodeInventory(packed)
		if err != nil || !reflect.DeepEqual(l, back) {
			t.Fatalf("%d records: %v", n, err)
		}
		for cut := range min(len(packed), 40) {
			if _, err := decodeInventory(packed[:len(packed)-cut-1]); err == nil {
				t.Fatal("a short inventory was read")
			}
		}
	}
}

func TestSignatureByOpenSSL(t *testing.T) {
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl; skipped: a signature that another program checks")
	}
	private, public, publicPEM, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParsePrivate(private)
	if err != nil {
		t.Fatal(err)
	}
	text, sig := cutSignature(Sign([]byte("# zhendi manifest 1\na\n"), key))
	if string(text) != "# zhendi manifest 1\na\n" {
		t.Errorf("%q", text)
	}
	dir := t.TempDir()
	for name, b := range map[string][]byte{"text": text, "sig": sig, "pem": publicPEM} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(openssl, "pkeyutl", "-verify", "-pubin", "-inkey", "pem", "-rawin", "-in", "text", "-sigfile", "sig")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	pub, err := ParsePublic(public)
	if err != nil || !sig.valid(pub, text) || sig.valid(pub, append(bytes.Clone(text), '\n')) || signature(nil).valid(pub, text) || (signature{}).valid(pub, text) {
		t.Errorf("%v", err)
	}
	if twice := Sign(Sign(text, key), key); !bytes.Equal(twice, Sign(text, key)) {
		t.Error("a signed text is signed twice")
	}
}

func TestLocationOfARedirect(t *testing.T) {
	for page, want := range map[string]string{
		`<meta http-equiv="refresh" content="0; url=/a/?x=1&amp;y=2">`:     "/a/?x=1&y=2",
		`<meta http-equiv="refresh" content="0;url=https://example.com/">`: "https://example.com/",
		`<meta http-equiv="refresh" content="0; url=javascript:alert(1)">`: "",
		`<meta http-equiv="refresh" content="0; url=/%E5%85%9A.html">`:     "/%E5%85%9A.html",
		`<meta http-equiv="refresh" content="0; url=/党.html">`:             "",
		"<meta http-equiv=\"refresh\" content=\"0; url=/a\r\nX-Evil: 1\">": "",
		`<p>no redirect</p>`: "",
	} {
		if got := location([]byte(page)); got != want {
			t.Errorf("%s: %q, want %q", page, got, want)
		}
	}
}

func TestAddressAndBack(t *testing.T) {
	for file, want := range map[string]string{"index.html": "/", "党建/index.html": "/%E5%85%9A%E5%BB%BA/", "a/e f+g%20.html": "/a/e%20f+g%2520.html", "a/myindex.html": "/a/myindex.html"} {
		if got := Address(file); got != want || fileOf(got, "/") != file || fileOf("/sub"+got, "/sub/") != file {
			t.Errorf("%s: %s, and back %s", file, got, fileOf(got, "/"))
		}
	}
}

// A changed article may lead to a list that is new: the list must be there first.
func TestNewFilesGoBeforeChangedOnes(t *testing.T) {
	steps := []Step{
		{Path: "gone", Do: Delete, class: output.Article}, {Path: "article", Do: Upload, class: output.Article}, {Path: "asset", Do: Upload, class: output.Asset},
		{Path: "list", Do: Upload, class: output.List, fresh: true}, {Path: "new", Do: Upload, class: output.Article, fresh: true}, {Path: "old list", Do: Delete, class: output.List},
	}
	slices.SortFunc(steps, order)
	var got []string
	for _, s := range steps {
		got = append(got, s.Path)
	}
	if want := []string{"new", "list", "asset", "article", "old list", "gone"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
