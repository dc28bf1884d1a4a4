package main

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/simplifiedchinese"
)

var update = flag.Bool("update", false, "rewrite what the scripts compare with; read the diff")

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"zhendi": main}) }

// TestScripts runs testdata/script; its README.md says how they are written.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("SOURCE_DATE_EPOCH", "1767225600") // 2026-01-01 08:00 in Shanghai
			e.Values[snapshotKey{}] = new([]string)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "bytes": putBytes, "encode": encode, "snapshot": snapshot, "unchanged": unchanged,
		},
	})
}

var progressLine = regexp.MustCompile(`(?m)^(读取文件|解析稿件|生成页面|写入文件|上传文件|核对文件|reading|parsing|rendering|writing|sending|comparing)( \d+)?\n`)

// exits runs a command that must end with a status: exits 3 zhendi build. What is then
// stderr has no lines of progress: their figures follow from the theme, not from the script.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits status command [args]")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ee *exec.ExitError
		if !errors.As(err, &ee) {
			ts.Fatalf("%v", err)
		}
		code = ee.ExitCode()
	}
	stdout, stderr := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	fmt.Fprint(ts.Stdout(), stdout)
	fmt.Fprint(ts.Stderr(), progressLine.ReplaceAllString(stderr, ""))
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit status %d, want %s", code, args[0])
	}
}

// putBytes appends bytes to a file: bytes FILE "…" [TIMES]. Arguments in double quotes
// are Go strings; FILE may be one too.
func putBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf(`usage: bytes file "text" [times]`)
	}
	times := 1
	for i, a := range args {
		if strings.HasPrefix(a, `"`) {
			s, err := strconv.Unquote(a)
			ts.Check(err)
			args[i] = s
		}
	}
	if len(args) == 3 {
		n, err := strconv.Atoi(args[2])
		ts.Check(err)
		times = n
	}
	name := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(name), 0o755))
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	ts.Check(err)
	_, err = f.WriteString(strings.Repeat(args[1], times))
	ts.Check(errors.Join(err, f.Close()))
}

// encode rewrites files as other programs save them: encode gbk|utf16|bom|crlf FILE...
func encode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: encode gbk|utf16|bom|crlf file...")
	}
	for _, name := range args[1:] {
		text := ts.ReadFile(name)
		switch args[0] {
		case "gbk":
			s, err := simplifiedchinese.GBK.NewEncoder().String(text)
			ts.Check(err)
			text = s
		case "utf16":
			b := []byte("\xff\xfe")
			for _, u := range utf16.Encode([]rune(text)) {
				b = append(b, byte(u), byte(u>>8))
			}
			text = string(b)
		case "bom":
			text = "\ufeff" + text
		case "crlf":
			text = strings.ReplaceAll(text, "\n", "\r\n")
		default:
			ts.Fatalf("no encoding %s", args[0])
		}
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o644))
	}
}

// hashes returns the hash and name of every file below a folder, and its folders.
func hashes(ts *testscript.TestScript, dir string) (out []string) {
	ts.Check(filepath.WalkDir(ts.MkAbs(dir), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			out = append(out, p+"/")
			return err
		}
		b, err := os.ReadFile(p)
		out = append(out, fmt.Sprintf("%s %x", p, sha256.Sum256(b)))
		return err
	}))
	return out
}

type snapshotKey struct{}

// snapshot remembers a folder, byte for byte.
func snapshot(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: snapshot folder")
	}
	*ts.Value(snapshotKey{}).(*[]string) = hashes(ts, args[0])
}

// unchanged compares a folder with the snapshot.
func unchanged(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] unchanged folder")
	}
	was, is := *ts.Value(snapshotKey{}).(*[]string), hashes(ts, args[0])
	if same := slices.Equal(was, is); same == neg {
		ts.Fatalf("%s: was\n%s\nis\n%s", args[0], strings.Join(was, "\n"), strings.Join(is, "\n"))
	}
}
