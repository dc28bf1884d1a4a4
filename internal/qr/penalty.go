package qr

import "math/bits"

// The weights of table 11.
const (
	weightRun     = 3
	weightBlock   = 3
	weightFinder  = 40
	weightBalance = 10
)

// penalty scores a finished symbol by the four rules of 7.8.3.1. Where the text
// can be read in two ways, this is our reading:
//
//   - the area scored is the whole symbol, as the clause says, and that with the
//     mask's own format information, since that is what will be printed;
//   - a pattern like a finder counts once, even if there is light on both sides;
//   - the quiet zone, which every symbol has, is light: a pattern at the edge looks
//     like a finder to a reader, and it is what the rule is there to prevent.
func (s *symbol) penalty() int {
	score := weightBlock*s.blocks() + weightBalance*s.imbalance()
	for lane := 0; 64*lane < s.size; lane++ {
		from, to, in := lane*s.size, (lane+1)*s.size, s.inside(lane)
		score += runs(s.rows[from:to], in) + runs(s.cols[from:to], in)
		score += weightFinder * (finders(s.rows[from:to]) + finders(s.cols[from:to]))
	}
	return score
}

// runs scores rule 1 down the lines of a lane: a run of n ≥ 5 modules of one
// colour costs 3 + (n-5). A bit of five says that the last five modules of the
// line are alike; a run of n sets it n-4 times on end, so each time costs 1 and the
// first of them 2 more.
func runs(lane []uint64, in uint64) int {
	var same1, same2, same3, five uint64
	score := 0
	for y := 1; y < len(lane); y++ {
		same := ^(lane[y] ^ lane[y-1]) & in
		before := five
		five = same & same1 & same2 & same3
		score += bits.OnesCount64(five) + (weightRun-1)*bits.OnesCount64(five&^before)
		same1, same2, same3 = same, same1, same2
	}
	return score
}

// finders counts for rule 3, down the lines of a lane, the patterns
// dark-light-dark-dark-dark-light-dark with four light modules before or after.
func finders(lane []uint64) int {
	n := 0
	for y := 0; y+7 <= len(lane); y++ {
		p := lane[y : y+7 : y+7]
		found := p[0] &^ p[1] & p[2] & p[3] & p[4] &^ p[5] & p[6]
		if found == 0 {
			continue
		}
		var before, after uint64 // dark modules within four
		for _, w := range lane[max(0, y-4):y] {
			before |= w
		}
		for _, w := range lane[y+7 : min(y+11, len(lane))] {
			after |= w
		}
		n += bits.OnesCount64(found &^ (before & after))
	}
	return n
}

// blocks counts for rule 2 the squares of two by two modules of one colour. The
// standard counts m by n blocks as (m-1)(n-1), which is the number of these.
func (s *symbol) blocks() int {
	n := 0
	for lane := 0; 64*lane < s.size; lane++ {
		this := s.rows[lane*s.size : (lane+1)*s.size]
		next := s.rows[(lane+1)*s.size:] // empty for the last lane
		in := s.inside(lane)
		if len(next) == 0 {
			in >>= 1 // the last module has none to its right
		}
		var above, alike uint64 // a bit of alike: the module is like its right neighbour
		for y, w := range this {
			right := w >> 1
			if len(next) != 0 {
				right |= next[y] << 63
			}
			alikeAbove := alike
			alike = ^(w ^ right) & in
			n += bits.OnesCount64(alike & alikeAbove &^ (w ^ above))
			above = w
		}
	}
	return n
}

// imbalance counts for rule 4 the whole steps of 5 % by which the share of dark
// modules differs from one half.
func (s *symbol) imbalance() int {
	dark := 0
	for _, w := range s.rows {
		dark += bits.OnesCount64(w)
	}
	all := s.size * s.size
	return max(2*dark-all, all-2*dark) * 10 / all
}
