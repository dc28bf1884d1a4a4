package qr

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// The four rules of 7.8.3.1 written down as they read, one module at a time.

type modulesAt func(x, y int) bool

// slowPenalty scores a symbol of n by n modules.
func slowPenalty(n int, dark modulesAt) (rule [5]int) {
	column := func(x, y int) bool { return dark(y, x) }
	for line := range n {
		rule[1] += slowRuns(n, line, dark) + slowRuns(n, line, column)
		rule[3] += slowFinders(n, line, dark) + slowFinders(n, line, column)
	}
	all, black := 0, 0
	for y := range n {
		for x := range n {
			all++
			if dark(x, y) {
				black++
			}
			if x > 0 && y > 0 {
				d := dark(x, y)
				if dark(x-1, y) == d && dark(x, y-1) == d && dark(x-1, y-1) == d {
					rule[2] += 3
				}
			}
		}
	}
	for k := 1; 100*black >= (50+5*k)*all || 100*black <= (50-5*k)*all; k++ {
		rule[4] = 10 * k
	}
	return rule
}

// slowRuns scores rule 1 in one line.
func slowRuns(n, line int, dark modulesAt) int {
	score := 0
	for x := 0; x < n; {
		end := x + 1
		for end < n && dark(end, line) == dark(x, line) {
			end++
		}
		if end-x >= 5 {
			score += 3 + (end - x - 5)
		}
		x = end
	}
	return score
}

// slowFinders scores rule 3 in one line between its quiet zones.
func slowFinders(n, line int, dark modulesAt) int {
	var b strings.Builder
	b.WriteString("....")
	for x := range n {
		if dark(x, line) {
			b.WriteByte('#')
		} else {
			b.WriteByte('.')
		}
	}
	b.WriteString("....")
	text := b.String()
	score := 0
	for x := 4; x+11 <= len(text); x++ {
		if text[x:x+7] == "#.###.#" && (text[x-4:x] == "...." || text[x+7:x+11] == "....") {
			score += 40
		}
	}
	return score
}

func total(rule [5]int) int { return rule[1] + rule[2] + rule[3] + rule[4] }

// noise returns a symbol of random modules with runs, finders and blanks strewn in.
func noise(rng *rand.Rand, size int) *symbol {
	s := newSymbol(size)
	density := rng.Float64()
	pieces := []string{"#.###.#", "....#.###.#", "#.###.#....", "....#.###.#....", "#####", "......", "##########"}
	for y := range size {
		line := make([]byte, size)
		for x := range line {
			line[x] = '.'
			if rng.Float64() < density {
				line[x] = '#'
			}
		}
		for range rng.IntN(4) {
			copy(line[rng.IntN(size):], pieces[rng.IntN(len(pieces))])
		}
		for x, c := range line {
			if c == '#' && y%2 == 0 {
				s.darken(x, y)
			} else if c == '#' {
				s.darken(y, x) // in columns too
			}
		}
	}
	return s
}

func TestPenaltyIsTheRules(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	var seen [5]int
	for v := 1; v <= 40; v++ {
		for range 1 + 60/v {
			s := noise(rng, size(v))
			rule := slowPenalty(s.size, s.dark)
			if got := s.penalty(); got != total(rule) {
				t.Fatalf("version %d: penalty %d, want %d by rules %v", v, got, total(rule), rule[1:])
			}
			if got := 10 * s.imbalance(); got != rule[4] {
				t.Fatalf("version %d: imbalance %d, want %d", v, got, rule[4])
			}
			for i, p := range rule {
				seen[i] += p
			}
		}
	}
	for i, p := range seen[1:] {
		if p == 0 {
			t.Errorf("rule %d never scored", i+1)
		}
	}
}

// A pattern counts once, whichever side the light is on, within four modules of it
// and with the quiet zone taken for light.
func TestFinderPatternCounts(t *testing.T) {
	for line, want := range map[string]int{
		"#########....#.###.#####": 1,
		"#########.#.###.#....###": 1,
		"#####....#.###.#....####": 1,
		"#####.#...#.###.#...####": 0,
		"#.###.#.################": 1, // quiet zone before
		"..#.###.#.##############": 1, // and two modules of the symbol
		"################.#.###.#": 1,
		"############.#.###.#...#": 0,
		"####....#.###.#.###.#...": 2, // two that share a module
		"###....##..######..##...": 0, // twice as wide: not looked for
	} {
		lane := make([]uint64, len(line))
		for i, c := range line {
			if c == '#' {
				lane[i] = 1 << 63
			}
		}
		if got := finders(lane); got != want {
			t.Errorf("%s: %d, want %d", line, got, want)
		}
	}
}

// 625 modules have whole percents: 60 % dark is two steps of 5 % from one half,
// one module less is only one.
func TestBalanceCountsWholeSteps(t *testing.T) {
	for dark, want := range map[int]int{313: 0, 312: 0, 343: 0, 344: 1, 374: 1, 375: 2, 251: 1, 250: 2, 625: 10, 0: 10} {
		s := newSymbol(25)
		for i := range dark {
			s.darken(i%25, i/25)
		}
		if got := s.imbalance(); got != want {
			t.Errorf("%d of 625 dark: %d steps, want %d", dark, got, want)
		}
	}
}
