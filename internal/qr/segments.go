package qr

import "strings"

// mode says how the characters of a segment are written: clause 7.4.
type mode uint8

const (
	numeric      mode = iota // three digits in 10 bits
	alphanumeric             // two of 45 characters in 11 bits
	bytewise                 // a byte in 8 bits
	modes
)

// indicators are the four bits that open a segment: table 2.
var indicators = [modes]uint{numeric: 1, alphanumeric: 2, bytewise: 4}

// A segment is a stretch data[start:end] written in one mode.
type segment struct {
	mode       mode
	start, end int
}

// Costs are counted in sixths of a bit, so that a digit (10/3 bits) and an
// alphanumeric character (11/2) are whole numbers. Rounded up to a bit at the end of a
// segment they give the standard's lengths for the odd characters at its end
// as well: 4 bits for one digit, 7 for two, 6 for one alphanumeric character.
const bit = 6

// unencodable is a cost above any other that can still be added to.
const unencodable = 1 << 30

var characterCost = [modes]int{numeric: 20, alphanumeric: 33, bytewise: 8 * bit}

// cut divides data into the segments that take the fewest bits in the versions of b, and
// returns them with that number of bits. Data must not be empty.
//
// It walks through data once and keeps for each mode the cheapest way to have
// come so far with a segment of this mode open. That suffices, because what
// follows costs the same however one came to the place, and rounding up
// never puts the dearer of two ways before the cheaper.
func cut(data []byte, b band) ([]segment, int) {
	var head, cost [modes]int
	for m := range modes {
		head[m] = bit * (4 + b.count[m])
	}
	cost = head
	// came[i][m] is the mode of character i if character i+1 is in mode m.
	came := make([][modes]mode, len(data))
	var best mode
	for i, c := range data {
		for m := range modes {
			came[i][m] = m
			cost[m] += characterCost[m]
			if !m.holds(c) {
				cost[m] = unencodable
			}
		}
		best = cheapest(cost)
		closed := (cost[best] + bit - 1) / bit * bit
		for m := range modes {
			if closed+head[m] < cost[m] {
				came[i][m], cost[m] = best, closed+head[m]
			}
		}
	}
	return trace(came, best), (cost[best] + bit - 1) / bit
}

// cheapest returns the mode of least cost, the first of equals.
func cheapest(cost [modes]int) mode {
	best := numeric
	for m := range modes {
		if cost[m] < cost[best] {
			best = m
		}
	}
	return best
}

// trace follows came back from the last character, which is in mode m, and
// returns the segments in order.
func trace(came [][modes]mode, m mode) []segment {
	n := 1
	for i, last := len(came)-1, m; i > 0; i-- {
		if p := came[i-1][last]; p != last {
			n, last = n+1, p
		}
	}
	segments := make([]segment, n)
	end := len(came)
	for i := len(came) - 1; i >= 0; i-- {
		if i > 0 && came[i-1][m] == m {
			continue
		}
		n--
		segments[n] = segment{m, i, end}
		if i > 0 {
			m, end = came[i-1][m], i
		}
	}
	return segments
}

// holds reports whether c can be written in mode m.
func (m mode) holds(c byte) bool {
	switch m {
	case numeric:
		return '0' <= c && c <= '9'
	case alphanumeric:
		return alphanumericValue(c) >= 0
	}
	return true
}

// alphanumericValue returns the value of c in table 5, or -1.
func alphanumericValue(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'Z':
		return int(c-'A') + 10
	}
	if i := strings.IndexByte(" $%*+-./:", c); i >= 0 {
		return 36 + i
	}
	return -1
}
