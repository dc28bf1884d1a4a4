package check

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"zhendi/internal/diag"
)

func TestDump(t *testing.T) {
	pat := os.Getenv("DUMP")
	if pat == "" {
		t.Skip()
	}
	c, _ := New(testNow, nil, Lists{})
	files, _ := filepath.Glob(pat)
	chars := 0
	n := map[string]int{}
	for _, f := range files {
		b, _ := os.ReadFile(f)
		b = []byte(strings.ReplaceAll(strings.TrimPrefix(string(b), "\ufeff"), "\r\n", "\n"))
		chars += len([]rune(string(b)))
		l := look(c, string(b))
		for i := range l {
			l[i].File = filepath.Base(f)
		}
		l.Sort()
		ls := strings.Split(string(b), "\n")
		for _, p := range l {
			n[p.Rule.ID+p.Rule.Severity.In(diag.EN)]++
			if (p.Rule.Severity == diag.Info && os.Getenv("INFO") == "") || strings.Contains(os.Getenv("SKIP"), p.Rule.ID) {
				continue
			}
			rs := []rune(ls[max(p.Pos.Line, 1)-1])
			a, z := max(p.Col-14, 0), min(p.Col+p.Len+12, len(rs))
			fmt.Printf("%s %s %s | %s\n", p.Pos, p.Rule.ID, p.Message(diag.ZH), string(rs[min(a, z):z]))
		}
	}
	fmt.Println(chars, n)
}
