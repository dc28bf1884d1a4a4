package qr

// codewords returns the data codewords of version v: segments, terminator and
// padding (7.4.9, 7.4.10).
func codewords(data []byte, segments []segment, v int, b band) []byte {
	n := versions[v].dataCodewords()
	w := bitWriter{bytes: make([]byte, 0, n)}
	for _, s := range segments {
		w.write(indicators[s.mode], 4)
		w.write(uint(s.end-s.start), b.count[s.mode])
		w.segment(s.mode, data[s.start:s.end])
	}
	w.write(0, min(4, 8*n-w.len()))
	w.write(0, -w.len()&7)
	for pad := byte(0xEC); len(w.bytes) < n; pad ^= 0xEC ^ 0x11 {
		w.bytes = append(w.bytes, pad)
	}
	return w.bytes
}

// A bitWriter collects bits, the most significant first.
type bitWriter struct {
	bytes []byte
	rest  uint // the last few bits, not yet a byte
	nrest int
}

func (w *bitWriter) len() int { return 8*len(w.bytes) + w.nrest }

// write appends the n low bits of v, which has no others.
func (w *bitWriter) write(v uint, n int) {
	w.rest, w.nrest = w.rest<<n|v, w.nrest+n
	for w.nrest >= 8 {
		w.nrest -= 8
		w.bytes = append(w.bytes, byte(w.rest>>w.nrest))
	}
}

// segment appends the characters of text, all of which mode m holds.
func (w *bitWriter) segment(m mode, text []byte) {
	switch m {
	case numeric:
		for ; len(text) >= 3; text = text[3:] {
			w.write(100*uint(text[0]-'0')+10*uint(text[1]-'0')+uint(text[2]-'0'), 10)
		}
		switch len(text) {
		case 2:
			w.write(10*uint(text[0]-'0')+uint(text[1]-'0'), 7)
		case 1:
			w.write(uint(text[0]-'0'), 4)
		}
	case alphanumeric:
		for ; len(text) >= 2; text = text[2:] {
			w.write(uint(45*alphanumericValue(text[0])+alphanumericValue(text[1])), 11)
		}
		if len(text) == 1 {
			w.write(uint(alphanumericValue(text[0])), 6)
		}
	case bytewise:
		for _, c := range text {
			w.write(uint(c), 8)
		}
	}
}
