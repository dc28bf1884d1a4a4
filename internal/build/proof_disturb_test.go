package build

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"maps"

	"zhendi/internal/output"
)

// disturb changes what lies between two builds: the output, what zhendi remembers, the times of files.
func (s *stage) disturb(r *rand.Rand) string {
	switch r.IntN(9) {
	case 0, 1:
		return s.loseOutput(r)
	case 2, 3:
		return s.loseMemory(r)
	case 4:
		return s.checkout(r)
	case 5:
		s.saved = filepath.Join(filepath.Dir(s.dir), "saved")
		s.must(os.RemoveAll(s.saved))
		s.copy(filepath.Join(s.dir, CacheDir), filepath.Join(s.saved, CacheDir))
		s.copy(s.out(), filepath.Join(s.saved, s.world.run.out))
		return "save output and memory"
	case 6:
		return s.restore(r)
	case 7:
		for p := range s.disk {
			s.must(os.Chtimes(filepath.Join(s.dir, p), time.Unix(1e9, 0), time.Unix(1e9, 0)))
		}
		return "give all files one time"
	}
	return s.kill(r)
}

// loseOutput loses, alters or replaces files of the output.
func (s *stage) loseOutput(r *rand.Rand) string {
	m, err := output.ReadManifest(s.out())
	if err != nil || len(m.Files) == 0 {
		return "no output to lose"
	}
	what := "output:"
	for range 1 + r.IntN(4) {
		name := filepath.Join(s.out(), pick(r, m.Files).Path)
		b, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		rel := strings.TrimPrefix(name, s.out())
		switch r.IntN(5) {
		case 0:
			s.must(os.Remove(name))
			what += " lose " + rel
		case 1:
			b = append([]byte(nil), b...)
			if len(b) > 0 {
				b[r.IntN(len(b))] ^= 1
			}
			s.save(name, string(b), 2*r.IntN(2))
			what += " alter " + rel
		case 2:
			s.save(name, string(b[:len(b)/2]), 0)
			what += " cut " + rel
		case 3:
			s.must(os.Remove(name))
			s.must(os.Mkdir(name, 0o755))
			what += " make a folder of " + rel
		case 4:
			name := filepath.Join(s.out(), "_site", "manifest.txt")
			b, err := os.ReadFile(name)
			s.must(err)
			s.must(os.RemoveAll(s.out()))
			if r.IntN(2) == 0 {
				s.save(name, string(b), 0)
				return what + " lose all but the manifest"
			}
			return what + " lose all"
		}
	}
	s.putForeign()
	return what
}

// loseMemory loses, cuts, alters or swaps files below .zhendi.
func (s *stage) loseMemory(r *rand.Rand) string {
	top := filepath.Join(s.dir, CacheDir)
	list := slices.Sorted(maps.Keys(readTree(s.t, top)))
	list = slices.DeleteFunc(list, func(p string) bool { return strings.HasSuffix(p, "/") })
	if len(list) == 0 || r.IntN(8) == 0 {
		s.must(os.RemoveAll(top))
		return "forget all"
	}
	what := "memory:"
	for range 1 + r.IntN(3) {
		p := pick(r, list)
		name := filepath.Join(top, p)
		b, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		switch r.IntN(5) {
		case 0:
			s.must(os.Remove(name))
			what += " lose " + p
		case 1:
			s.save(name, string(b[:r.IntN(len(b)+1)]), 0)
			what += " cut " + p
		case 2:
			if len(b) > 0 {
				b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
			}
			s.save(name, string(b), 0)
			what += " alter " + p
		case 3:
			other := pick(r, list)
			if c, err := os.ReadFile(filepath.Join(top, other)); err == nil {
				s.save(name, string(c), 0)
			}
			what += " put " + other + " for " + p
		case 4:
			if p == "catalogue.json" { // that would be worth a warning
				continue
			}
			s.must(os.Remove(name))
			s.must(os.Mkdir(name, 0o755))
			what += " make a folder of " + p
		}
	}
	return what
}

// checkout copies the site to another place: all times and inodes are new. Output and memory may
// come with it.
func (s *stage) checkout(r *rand.Rand) string {
	s.dirs++
	to := filepath.Join(filepath.Dir(s.dir), fmt.Sprint(s.dirs))
	s.copy(s.dir, to)
	s.must(os.RemoveAll(s.dir))
	s.dir = to
	what := "fresh checkout"
	for _, part := range []string{CacheDir, s.world.run.out} {
		if r.IntN(4) == 0 {
			s.must(os.RemoveAll(filepath.Join(to, part)))
			what += " without " + part
		}
	}
	return what
}

// restore brings back output, memory or both as they were saved, as a cache of CI does.
func (s *stage) restore(r *rand.Rand) string {
	if s.saved == "" {
		return "nothing saved"
	}
	what := "restore"
	for _, part := range []string{CacheDir, s.world.run.out} {
		if _, err := os.Stat(filepath.Join(s.saved, part)); err == nil && r.IntN(3) > 0 {
			s.must(os.RemoveAll(filepath.Join(s.dir, part)))
			s.copy(filepath.Join(s.saved, part), filepath.Join(s.dir, part))
			what += " " + part
		}
	}
	return what
}

func (s *stage) copy(from, to string) {
	s.t.Helper()
	if _, err := os.Stat(from); os.IsNotExist(err) {
		return
	}
	s.must(os.MkdirAll(filepath.Dir(to), 0o755))
	s.must(os.CopyFS(to, os.DirFS(from)))
}

// childEnv asks the test program to be a build: site's folder, output, then the options.
const childEnv = "ZHENDI_TEST_BUILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		childBuild(strings.Split(os.Getenv(childEnv), "\n"))
		return
	}
	os.Exit(m.Run())
}

func childBuild(args []string) {
	nanos, err := time.ParseDuration(args[6])
	if err != nil {
		panic(err)
	}
	serial, err := strconv.ParseInt(args[5], 10, 64)
	if err != nil {
		panic(err)
	}
	yes := func(i int) bool { return args[3][i] == 't' }
	w := &world{now: time.Unix(0, 0).Add(nanos), run: runs{out: args[1], version: args[2], drafts: yes(0), future: yes(1), private: yes(2), base: args[4], serial: serial}}
	end(w.options(args[0]))
}

// kill starts builds of other programs' processes and kills them at random moments.
func (s *stage) kill(r *rand.Rand) string {
	what := "kill"
	for range 1 + r.IntN(3) {
		if r.IntN(2) == 0 {
			what += "; " + s.world.change(r)
			s.sync(r)
		}
		s.putForeign()
		w := s.world
		flag := func(b bool) string { return fmt.Sprint(b)[:1] }
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), childEnv+"="+strings.Join([]string{s.dir, w.run.out, w.run.version,
			flag(w.run.drafts) + flag(w.run.future) + flag(w.run.private), w.run.base, fmt.Sprint(w.run.serial), time.Duration(w.now.UnixNano()).String()}, "\n"))
		s.must(c.Start())
		wait := time.Duration(r.IntN(400)) * time.Millisecond
		done := make(chan error, 1)
		go func() { done <- c.Wait() }()
		select {
		case <-done:
			what += " (ended)"
		case <-time.After(wait):
			c.Process.Kill()
			<-done
			s.n.Kills++
			what += fmt.Sprint(" after ", wait)
		}
	}
	return what
}
