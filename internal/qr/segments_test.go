package qr

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
)

const chinese = "党建引领聚合力，实干担当谱新篇：机关党委召开二〇二五年度组织生活会𠮷"

// addresses are long enough for any length up to 300 to be cut from their start.
var addresses = map[string]string{
	"plain":   "https://www.example.gov.cn/djyw/2025/" + strings.Repeat("jt7q2mzk4a/20250901-0822/index.html?from=qr&id=000123456789#p", 8),
	"percent": "https://www.example.gov.cn/" + url.PathEscape(strings.Repeat(chinese, 3)),
	"utf-8":   "https://党建.例子.cn/" + strings.Repeat(chinese, 6),
	"han":     strings.Repeat(chinese, 6),
	"capital": strings.Repeat("HTTPS://EXAMPLE.GOV.CN/A-1 $%*+.:", 12),
	"digits":  strings.Repeat("20250901082213579", 20),
}

// bitsOf is the length of segments by the formulas of 7.4.3 to 7.4.5.
func bitsOf(segments []segment, b band) int {
	bits := 0
	for _, s := range segments {
		n := s.end - s.start
		bits += 4 + b.count[s.mode]
		switch s.mode {
		case numeric:
			bits += 10*(n/3) + [3]int{0, 4, 7}[n%3]
		case alphanumeric:
			bits += 11*(n/2) + 6*(n%2)
		case bytewise:
			bits += 8 * n
		}
	}
	return bits
}

// fewest tries every segment that data could end with, after the fewest bits for
// what comes before it.
func fewest(data []byte, b band) int {
	best := make([]int, len(data)+1) // by the number of characters
	for end := 1; end <= len(data); end++ {
		best[end] = 1 << 30
		for m := range modes {
			for start := end - 1; start >= 0 && m.holds(data[start]); start-- {
				best[end] = min(best[end], best[start]+bitsOf([]segment{{m, start, end}}, b))
			}
		}
	}
	return best[len(data)]
}

func TestCutIsCheapestOfAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	// With headers of a few bits a change of mode pays within a few characters.
	small := band{count: [modes]int{-2, -3, -1}}
	mixed := 0
	for i := range 600 {
		var data []byte
		for range 1 + rng.IntN(6) {
			set := []string{"0123456789", "AB%:", "ab\xe5", "0A%", "0A%a"}[rng.IntN(5)]
			for range 1 + rng.IntN(1+i/20) {
				data = append(data, set[rng.IntN(len(set))])
			}
		}
		for _, b := range append(bands[:], small) {
			segments, bits := cut(data, b)
			if want := fewest(data, b); bits != want || bitsOf(segments, b) != bits {
				t.Fatalf("cut(%q) = %v, %d (really %d) bits, want %d", data, segments, bits, bitsOf(segments, b), want)
			}
			if len(segments) > 1 {
				mixed++
			}
		}
	}
	if mixed < 1000 {
		t.Errorf("only %d of 2400 are mixed", mixed)
	}
}

func TestSegmentsCoverData(t *testing.T) {
	for name, address := range addresses {
		for _, b := range bands {
			segments, _ := cut([]byte(address), b)
			end := 0
			for i, s := range segments {
				if s.start != end || s.end <= s.start || i > 0 && s.mode == segments[i-1].mode {
					t.Fatalf("%s: segments %v", name, segments)
				}
				for _, c := range []byte(address[s.start:s.end]) {
					if !s.mode.holds(c) {
						t.Fatalf("%s: %q in mode %d", name, c, s.mode)
					}
				}
				end = s.end
			}
			if end != len(address) {
				t.Fatalf("%s: segments end at %d of %d", name, end, len(address))
			}
		}
	}
}

func TestPercentEncodedHanziIsAlphanumeric(t *testing.T) {
	data := []byte("https://example.gov.cn/%E5%85%9A%E5%BB%BA.html")
	want := []segment{{bytewise, 0, 22}, {alphanumeric, 22, 42}, {bytewise, 42, 46}} // / and . are in the set too
	if got, _ := cut(data, bands[0]); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("cut = %v, want %v", got, want)
	}
}
