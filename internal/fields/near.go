package fields

import "unicode/utf8"

// Near returns the candidate closest to word by edits (insertion, deletion,
// replacement, swap of neighbours), if it is at most two away (one, for words
// of up to three letters); the first of equals.
func Near(word string, candidates []string) (string, bool) {
	limit := 2
	if utf8.RuneCountInString(word) <= 3 {
		limit = 1
	}
	best, found := "", false
	for _, c := range candidates {
		if d := distance(fold(word), fold(c)); d <= limit {
			best, found, limit = c, true, d-1
		}
	}
	return best, found
}

// distance is the optimal string alignment distance in characters.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	prev2, prev, cur := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(y)]
}
