package publish

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A store that a reader can look into is found out: at its own address and at the portal's.
func TestDoctorFindsPublicCopies(t *testing.T) {
	bad := func(tg Target, base string) (out []string) {
		for _, x := range Doctor(context.Background(), tg, base, quick) {
			if !x.OK {
				out = append(out, fmt.Sprint(x.Name, " ", x.Needed))
			}
		}
		return out
	}
	p := bucket(t)
	tg := p.open(t)
	whole, err := S3(Bucket{Endpoint: p.Endpoint, Name: p.Bucket}, p.Prefix, "")
	if err != nil {
		t.Fatal(err)
	}
	open := true
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // a CDN that may read everything
		body, _, err := patient{Store: whole, p: quick}.read(r.Context(), strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil || !open {
			http.NotFound(w, r)
			return
		}
		w.Write(body)
	}))
	if got := bad(tg, portal.URL+"/"); !slices.Equal(got, []string{"anonymous-site true"}) {
		t.Errorf("a portal that shows all: %v", got)
	}
	open = false
	if got := bad(tg, portal.URL+"/"); len(got) > 0 {
		t.Errorf("a portal that does not: %v", got)
	}
	portal.Close()
	if got := bad(tg, portal.URL+"/"); !slices.Equal(got, []string{"anonymous-site false"}) {
		t.Errorf("a portal that does not answer: %v", got)
	}
	dir := t.TempDir()
	files := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer files.Close()
	inside := Target{Name: "test", Site: Dir(dir), Private: Dir(filepath.Join(dir, "private"))}
	if got := bad(inside, files.URL); !slices.Equal(got, []string{"anonymous-site true"}) {
		t.Errorf("a private folder inside the site: %v", got)
	}
	if err := os.RemoveAll(filepath.Join(dir, "private")); err != nil {
		t.Fatal(err)
	}
	x, through := newProxy(t, p)
	x.reset(func(_ int, w http.ResponseWriter, r *http.Request, pass http.Handler) { // a bucket that everybody may read
		if r.Method == http.MethodGet && r.Header.Get("Authorization") == "" {
			body, _, err := patient{Store: whole, p: quick}.read(r.Context(), strings.TrimPrefix(r.URL.Path, "/"+p.Bucket+"/"+p.Prefix+"/"))
			if err == nil {
				w.Write(body)
				return
			}
		}
		pass.ServeHTTP(w, r)
	})
	if got := bad(through.open(t), ""); !slices.Equal(got, []string{"anonymous true"}) {
		t.Errorf("a public bucket: %v", got)
	}
}
