// Package qr writes QR codes: bytes in, one inline SVG out, for the corner of a
// page that a reader takes along on the phone.
//
//	code, err := qr.Encode([]byte("https://example.gov.cn/djyw/2025/jt7q2mzk4a.html"))
//	if err != nil {
//		return err // nothing to encode, or too long for any code
//	}
//	html = code.AppendSVG(html, "用手机阅读本页")
//
// appends
//
//	<svg class="qr" role="img" viewBox="0 0 41 41" shape-rendering="crispEdges"><title>用手机阅读本页</title>…</svg>
//
// # What is guaranteed
//
// The code is the smallest one there is at error correction level M: the data
// are cut into numeric, alphanumeric and byte segments in the cheapest way that
// exists (segments.go). Percent-encoded Chinese is all capitals and digits, so a
// long address often comes out a version or two smaller than in bytes alone.
//
// Of the eight data masks the one with the lowest penalty is taken, all eight
// having been scored over the whole symbol; among equals the lowest (mask.go,
// penalty.go).
//
// The same data and title always give the same bytes. Encode and the methods of
// Code may be called from any number of goroutines. What is the same for all
// symbols of a version is worked out once, when the version is first used.
//
// # Limits
//
// A code holds at most 2331 bytes, or 3391 characters of [0-9A-Z $%*+-./:], or
// 5596 digits; a mixture lies between. Bytes are stored as they are, without an
// ECI header: an ASCII URL is read alike everywhere, and today's readers take
// anything else for UTF-8, but the standard does not promise that. A short
// ASCII URL is what a phone reads best.
//
// The package does not write Kanji mode (it is Shift JIS, not UTF-8), ECI, FNC1,
// Structured Append, Micro QR or rMQR; it has no choice of level, colour, size
// or mask, and puts no picture in the middle; it does not read codes.
//
// # Sources
//
// ISO/IEC 18004:2015 is the rule. Clauses and tables named in the files below are
// of that edition: segments 7.4 (segments.go), error correction 7.5 and 7.6
// (reedsolomon.go), placement 7.7 and function patterns 6.3 (layout.go), masks 7.8
// (mask.go, penalty.go), format and version information 7.9 and 7.10 (layout.go), sizes and
// capacities tables 1, 3, 9 and E.1 (versions.go), the quiet zone 6.3.8 (svg.go).
package qr

import (
	"errors"
	"fmt"
)

// maxLength is the most characters a code can hold: digits in version 40.
const maxLength = 5596

// Code is a finished QR code. Encode makes it.
type Code struct {
	// Size is the number of modules on a side, the quiet zone not counted:
	// 21 for version 1, four more for each version up to 177.
	Size int

	modules symbol
}

// Black reports whether the module in column x of row y is dark. Both count from
// 0 at the upper left and must be less than Size.
func (c *Code) Black(x, y int) bool { return c.modules.dark(x, y) }

// Encode returns the smallest QR code of level M that holds data. It fails if
// data is empty or fits no code; see the package comment for the limits.
func Encode(data []byte) (*Code, error) {
	if len(data) == 0 {
		return nil, errors.New("no data for a QR code")
	}
	if len(data) <= maxLength {
		for _, band := range bands {
			segments, bits := cut(data, band)
			for v := band.first; v <= band.last; v++ {
				if bits <= 8*versions[v].dataCodewords() {
					return newCode(v, codewords(data, segments, v, band)), nil
				}
			}
		}
	}
	return nil, fmt.Errorf("%d bytes are too long for a QR code: it holds 2331, or 3391 characters of [0-9A-Z $%%*+-./:], or 5596 digits", len(data))
}

// newCode returns the symbol of version v with the given data codewords.
func newCode(v int, data []byte) *Code {
	l := layoutOf(v)
	s := l.place(l.message(data))
	s.xor(l.bestMask(s))
	return &Code{Size: s.size, modules: *s}
}
