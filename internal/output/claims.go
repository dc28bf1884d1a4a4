package output

import "hash/maphash"

// claims says which paths of the new site are taken, by a file or by a folder. Two paths are in each other's way if their
// folded forms are the same. They are found by a hash of it, in a number's room each, and compared themselves: that
// two different ones have one hash costs a step more and nothing else.
type claims struct {
	seed maphash.Seed
	mask uint64           // of the hash; all ones, but in tests
	at   map[uint64]int32 // file i of what was put, or folder ^i
}

func newClaims() claims {
	return claims{seed: maphash.MakeSeed(), mask: ^uint64(0), at: map[uint64]int32{}}
}

// hash returns where to look for a folded path.
func (c *claims) hash(key string) uint64 { return maphash.String(c.seed, key) & c.mask }

// find returns who has taken the folded path with this hash; pathOf tells their paths.
func (c *claims) find(key string, hash uint64, pathOf func(int32) string) (at int32, taken bool) {
	for ; ; hash++ {
		at, taken = c.at[hash]
		if !taken {
			return 0, false
		}
		if p := pathOf(at); p == key || Fold(p) == key {
			return at, true
		}
	}
}

// take notes who takes a path that find has not found.
func (c *claims) take(hash uint64, at int32) {
	for {
		if _, taken := c.at[hash]; !taken {
			c.at[hash] = at
			return
		}
		hash++
	}
}
