package views

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	encodinghex "encoding/hex"
	"io"
	"io/fs"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// No address and no agent of a log, in no usual form, is in any file that is written, at any time: not in
// what is spilled on the way either.
func TestNothingOfReadersIsWritten(t *testing.T) {
	dir := memory(t)
	s := settings(dir, writeCatalogue(t, dir, 5), start.Add(24*time.Hour))
	s.most = 2            // views go to disk on the way
	s.Format = "combined" // half of the lines are not
	addrs := []string{"203.0.113.77", "198.51.100.213", "2001:db8:85a3::8a2e:370:7334"}
	agents := []string{firefox + " Sonderling/77.123", "Mozilla/5.0 (独特的浏览器) Einzig/3.1"}
	var log strings.Builder
	for i, addr := range addrs {
		for _, agent := range agents {
			log.WriteString(hit{addr, "/yw/2026/1.html", agent, start.Add(time.Duration(i) * time.Hour), "GET", 200}.line() + "\n")
			log.WriteString(addr + " what is this " + agent + "\n") // unreadable
		}
	}
	var secrets [][]byte
	for _, secret := range slices.Concat(addrs, agents) {
		for _, form := range forms(secret) {
			secrets = append(secrets, form)
		}
	}
	looked := map[string]bool{}
	look := func() {
		err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || strings.HasSuffix(p, ".log") {
				return err
			}
			body, err := os.ReadFile(p)
			kind, _, _ := strings.Cut(e.Name(), "-")
			looked[kind] = true
			for _, x := range secrets {
				if bytes.Contains(body, x) {
					t.Errorf("%s holds %q", p, x)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	d := system()
	d.syncDir = func(name string) error { look(); return syncDir(name) }
	d.open = func(name string) (io.ReadCloser, error) {

		look()
		return os.Open(name)
	}
	if err := os.MkdirAll(s.Ledger, 0o755); err != nil {
		t.Fatal(err)
	}
	in := Input{Logs: []string{put(t, filepath.Join(dir, "a.log"), log.String())}}
	rep, err := ingestOn(t.Context(), d, s, in)
	if err != nil || rep.Account.Counted != 6 || rep.Account.Filtered[Unreadable] != 6 {
		t.Fatalf("%+v %v", rep, err)
	}
	s.Now = start.Add(5 * 24 * time.Hour)
	if _, err := ingestOn(t.Context(), d, s, in); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), s, Sidecar{Out: filepath.Join(dir, "_views"), Shards: 1}); err != nil {
		t.Fatal(err)
	}
	look()
	for _, kind := range []string{"set", "key", "day", "spill", "ledger.txt", "site.json"} {
		if !looked[kind] {
			t.Errorf("no %s was looked at: %v", kind, looked)
		}
	}
}

// forms are ways to write a text: as it is, its bytes, its usual hashes, in usual encodings.
func forms(s string) (list [][]byte) {
	raw := [][]byte{[]byte(s), []byte(strings.ToUpper(s)), []byte(strings.ToLower(s)), []byte(url.QueryEscape(s)), []byte(url.PathEscape(s))}
	bin := [][]byte{}
	if a, err := netip.ParseAddr(s); err == nil {
		if b := a.AsSlice(); len(b) == 16 { // four bytes may stand anywhere by chance
			bin = append(bin, b)
		}
		list = append(list, []byte(encodinghex.EncodeToString(a.AsSlice())))
	}
	m, h1, h2 := md5.Sum([]byte(s)), sha1.Sum([]byte(s)), sha256.Sum256([]byte(s))
	bin = append(bin, m[:8], h1[:8], h2[:8], []byte(s))
	for _, b := range bin {
		e := base64.StdEncoding.EncodeToString(b)
		list = append(list, b, []byte(encodinghex.EncodeToString(b)), []byte(strings.ToUpper(encodinghex.EncodeToString(b))), []byte(strings.TrimRight(e, "=")), []byte(base64.URLEncoding.EncodeToString(b)))
	}
	return append(list, raw...)
}

// The same reader has another hash on another day, and nothing of the ledger tells that it is the same.
func TestReadersAreNotFollowedFromDayToDay(t *testing.T) {
	dir := memory(t)
	s := settings(dir, writeCatalogue(t, dir, 2), start.Add(48*time.Hour))
	log := ""
	for day := range 2 {
		log += hit{"203.0.113.77", "/yw/2026/1.html", firefox, start.Add(time.Duration(day)*24*time.Hour + time.Hour), "GET", 200}.line() + "\n"
	}
	mustIngest(t, s, Input{Logs: []string{put(t, filepath.Join(dir, "a.log"), log)}})
	l, err := load(system(), s.Ledger)
	if err != nil || len(l.days) != 2 {
		t.Fatal(l, err)
	}
	tags, keys := map[uint64]bool{}, map[string]bool{}
	for _, d := range l.days {
		r, err := l.openSet(d.set, 0)
		if err != nil {
			t.Fatal(err)
		}
		e, err := r.next()
		if err != nil {
			t.Fatal(err)
		}
		tags[e.tag] = true
		b, err := os.ReadFile(filepath.Join(s.Ledger, d.key.name))
		if err != nil {
			t.Fatal(err)
		}
		keys[string(b)] = true
		r.c.Close()
	}
	if len(tags) != 2 || len(keys) != 2 {
		t.Errorf("tags %v, %d keys", tags, len(keys))
	}
}
