package qr

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/skip2/go-qrcode"
)

// capacities are those of table 7 at level M, by version.
var capacities = [41]struct{ digits, capitals, bytes int }{
	1: {34, 20, 14}, {63, 38, 26}, {101, 61, 42}, {149, 90, 62}, {202, 122, 84},
	{255, 154, 106}, {293, 178, 122}, {365, 221, 152}, {432, 262, 180}, {513, 311, 213},
	{604, 366, 251}, {691, 419, 287}, {796, 483, 331}, {871, 528, 362}, {991, 600, 412},
	{1082, 656, 450}, {1212, 734, 504}, {1346, 816, 560}, {1500, 909, 624}, {1600, 970, 666},
	{1708, 1035, 711}, {1872, 1134, 779}, {2059, 1248, 857}, {2188, 1326, 911}, {2395, 1451, 997},
	{2544, 1542, 1059}, {2701, 1637, 1125}, {2857, 1732, 1190}, {3035, 1839, 1264}, {3289, 1994, 1370},
	{3486, 2113, 1452}, {3693, 2238, 1538}, {3909, 2369, 1628}, {4134, 2506, 1722}, {4343, 2632, 1809},
	{4588, 2780, 1911}, {4775, 2894, 1989}, {5039, 3054, 2099}, {5313, 3220, 2213}, {5596, 3391, 2331},
}

func TestCapacityIsTheStandards(t *testing.T) {
	for v := 1; v <= 40; v++ {
		for _, kind := range []struct {
			char     byte
			capacity int
		}{{'7', capacities[v].digits}, {'K', capacities[v].capitals}, {'k', capacities[v].bytes}} {
			for more := range 2 {
				c, err := Encode(bytes.Repeat([]byte{kind.char}, kind.capacity+more))
				switch {
				case v+more > 40:
					if err == nil {
						t.Errorf("%d of %q fit", kind.capacity+more, kind.char)
					}
				case err != nil:
					t.Errorf("%d of %q: %v", kind.capacity+more, kind.char, err)
				case versionOf(c) != v+more:
					t.Errorf("%d of %q: version %d, want %d", kind.capacity+more, kind.char, versionOf(c), v+more)
				}
			}
		}
	}
}

// Another encoder that mixes modes must never find a smaller version.
func TestVersionIsNeverLargerThanAnothers(t *testing.T) {
	smaller := 0
	compare := func(data string) {
		t.Helper()
		theirs, err := qrcode.New(data, qrcode.Medium)
		if err != nil {
			t.Fatal(err)
		}
		ours := versionOf(mustEncode(t, []byte(data)))
		if ours > theirs.VersionNumber {
			t.Errorf("%q: version %d, another encoder needs %d", data, ours, theirs.VersionNumber)
		}
		if ours < theirs.VersionNumber {
			smaller++
		}
	}
	for _, address := range addresses {
		for n := 1; n <= 300; n += 2 {
			compare(address[:n])
		}
	}
	rng := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		var data []byte
		for range 1 + rng.IntN(8) {
			set := []string{"0123456789", "ABC%:/ ", "abc党?"}[rng.IntN(3)]
			for range 1 + rng.IntN(40) {
				data = append(data, set[rng.IntN(len(set))])
			}
		}
		compare(string(data))
	}
	t.Logf("%d codes are smaller", smaller)
}
