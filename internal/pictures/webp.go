package pictures

import (
	"bytes"
	"encoding/binary"

	"zhendi/internal/diag"
)

// readWebP keeps the chunks that show (RFC 9649, 2.7) and writes the flags of VP8X and the length of the file anew.
func (p *Picture) readWebP() *diag.Problem {
	b := p.src
	whole := uint64(binary.LittleEndian.Uint32(b[4:])) + 8
	if whole > uint64(len(b)) {
		return p.short()
	}
	b = b[:whole]
	p.depth = 4
	var body [][]byte
	var flags []byte // VP8X
	seen := false
	for at := 12; at < len(b); {
		if at+8 > len(b) {
			return p.short()
		}
		size := uint64(binary.LittleEndian.Uint32(b[at+4:]))
		end := uint64(at) + 8 + size + size&1
		if end == uint64(len(b))+1 { // some writers forget the last byte of padding
			b = append(b[:len(b):len(b)], 0)
		}
		if end > uint64(len(b)) {
			return p.short()
		}
		data := b[at+8 : uint64(at)+8+size]
		chunk := b[at:end]
		at = int(end)
		switch name := string(chunk[:4]); name {
		case "VP8X":
			if size < 10 || flags != nil {
				return p.damaged("VP8X 有误", "its VP8X chunk is wrong")
			}
			chunk = bytes.Clone(chunk)
			flags = chunk[8:9]
			p.alpha, p.animated = p.alpha || flags[0]&0x10 != 0, flags[0]&0x02 != 0
			p.larger(1+int(le24(data[4:])), 1+int(le24(data[7:])))
		case "VP8 ", "VP8L":
			if !p.webpFrame(name, data) {
				return p.damaged("帧头有误", "its frame header is wrong")
			}
			seen = true
		case "ANMF":
			seen = true
		case "ICCP":
			if p.profile = keptProfile(data, "RGB "); p.profile == nil {
				continue
			}
		case "ALPH", "ANIM":
			p.alpha = p.alpha || name == "ALPH"
		case "EXIF":
			p.orientation = orientation(bytes.TrimPrefix(data, []byte("Exif\x00\x00")))
			continue
		default:
			continue
		}
		body = append(body, chunk)
	}
	if !seen {
		return p.short()
	}
	p.keepWebP(flags, body)
	return nil
}

// keepWebP puts the file together again.
func (p *Picture) keepWebP(flags []byte, body [][]byte) {
	const hasICC, hasEXIF, hasXMP = 0x20, 0x08, 0x04
	if flags != nil {
		flags[0] &^= hasEXIF | hasXMP
		if p.profile == nil {
			flags[0] &^= hasICC
		}
		if p.orientation != 1 {
			flags[0] |= hasEXIF
			exif := onlyOrientation(p.orientation)
			body = append(body, binary.LittleEndian.AppendUint32([]byte("EXIF"), uint32(len(exif))), exif)
		}
	} else {
		p.orientation = 1 // EXIF counts only where VP8X announces it
	}
	size := 4
	for _, c := range body {
		size += len(c)
	}
	head := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(size))
	p.keep = append([][]byte{head, []byte("WEBP")}, body...)
}

// webpFrame reads the size in the header of a frame: RFC 6386, 9.1, and RFC 9649, 3.4.
func (p *Picture) webpFrame(name string, data []byte) bool {
	if name == "VP8 " {
		if len(data) < 10 || data[0]&1 != 0 || string(data[3:6]) != "\x9d\x01\x2a" {
			return false
		}
		p.larger(int(binary.LittleEndian.Uint16(data[6:]))&0x3fff, int(binary.LittleEndian.Uint16(data[8:]))&0x3fff)
		return true
	}
	if len(data) < 5 || data[0] != 0x2f {
		return false
	}
	bits := binary.LittleEndian.Uint32(data[1:])
	p.larger(1+int(bits&0x3fff), 1+int(bits>>14&0x3fff))
	p.alpha = p.alpha || bits>>28&1 != 0
	return true
}

// larger takes a size that the file states; the largest counts, so that the limits hold for what is decoded.
func (p *Picture) larger(w, h int) { p.Width, p.Height = max(p.Width, w), max(p.Height, h) }

func le24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }
