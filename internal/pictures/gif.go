package pictures

import (
	"encoding/binary"

	"zhendi/internal/diag"
)

// readGIF keeps frames, their timing and the loop count, and drops comments, XMP and plain text (GIF89a, 17 to 26).
func (p *Picture) readGIF() *diag.Problem {
	b := p.src
	if len(b) < 13 {
		return p.short()
	}
	p.Width, p.Height = int(binary.LittleEndian.Uint16(b[6:])), int(binary.LittleEndian.Uint16(b[8:]))
	at := 13 + gifTable(b[10])
	if at > len(b) {
		return p.short()
	}
	p.keep = [][]byte{b[:at]}
	frames := 0
	for at < len(b) && b[at] != 0x3b {
		from, keep := at, true
		switch {
		case b[at] == 0x21 && at+2 < len(b):
			keep = gifShows(b[at+1], b[at+2:])
			at += 2
		case b[at] == 0x2c && at+10 < len(b):
			at += 10 + gifTable(b[at+9]) + 1 // and the size of codes
			frames++
		default:
			return p.damaged("块的结构有误", "its blocks are wrong")
		}
		for { // sub-blocks
			if at >= len(b) {
				return p.short()
			}
			n := int(b[at])
			at += 1 + n
			if n == 0 {
				break
			}
		}
		if keep {
			p.keep = append(p.keep, b[from:at])
		}
	}
	if frames == 0 {
		return p.short()
	}
	p.animated = frames > 1
	p.keep = append(p.keep, []byte{0x3b})
	return nil
}

// gifTable is the size of the colour table that the packed field announces.
func gifTable(packed byte) int {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (packed&7 + 1)
}

// gifShows reports whether an extension is about how the picture is shown. rest begins with its
// first sub-block.
func gifShows(label byte, rest []byte) bool {
	switch label {
	case 0xf9: // timing, transparency
		return true
	case 0xff: // loop count
		return len(rest) > 12 && (string(rest[1:12]) == "NETSCAPE2.0" || string(rest[1:12]) == "ANIMEXTS1.0")
	}
	return false
}
