package qr

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// Annex A gives the generator of degree 7 by exponents of 2.
func TestGeneratorOfAnnexA(t *testing.T) {
	r := newDivisor(7).times[1]
	for i, exponent := range []int{87, 229, 146, 149, 238, 102, 21} {
		want := byte(1)
		for range exponent {
			want = multiply(want, 2)
		}
		if got := r.at(i); got != want {
			t.Errorf("coefficient %d: %d, want %d", i, got, want)
		}
	}
}

// A block followed by its corrections has every root of the generator.
func TestCorrectedBlockHasTheRoots(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for degree := 1; degree <= 30; degree++ {
		d := newDivisor(degree)
		block := make([]byte, 1+rng.IntN(60))
		for i := range block {
			block[i] = byte(rng.Uint32())
		}
		r := d.of(block)
		for i := range degree {
			block = append(block, r.at(i))
		}
		for i, root := 0, byte(1); i <= degree; i, root = i+1, multiply(root, 2) {
			var sum byte
			for _, c := range block {
				sum = multiply(sum, root) ^ c
			}
			if i < degree && sum != 0 {
				t.Fatalf("degree %d: root %d gives %d", degree, i, sum)
			}
		}
	}
}

// Version 5-M has two blocks of 43; 8-M has two of 38 and then two of 39.
func TestBlocksAreInterleaved(t *testing.T) {
	data := make([]byte, versions[8].dataCodewords())
	for i := range data {
		data[i] = byte(i)
	}
	got := layoutOf(8).message(data)
	for i, want := range map[int]byte{0: 0, 1: 38, 2: 76, 3: 115, 4: 1, 151: 115 + 37, 152: 114, 153: 153} {
		if got[i] != want {
			t.Errorf("codeword %d is of data %d, want %d", i, got[i], want)
		}
	}
	last := newDivisor(22).of(data[115:])
	if !bytes.Equal(got[len(got)-1:], []byte{last.at(21)}) {
		t.Error("the last codeword is not the last block's last correction")
	}
}
