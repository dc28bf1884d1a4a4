package pictures

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"io"

	"zhendi/internal/diag"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// pngKept are the chunks that are published: those that show (PNG, third edition, 11). Text, time, EXIF, resolution
// and what is unknown are dropped.
var pngKept = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "bKGD": true, "sBIT": true,
	"acTL": true, "fcTL": true, "fdAT": true,
	"cHRM": true, "gAMA": true, "sRGB": true, "cICP": true, "iCCP": true,
}

func (p *Picture) readPNG() *diag.Problem {
	b := p.src
	p.keep = [][]byte{b[:8]}
	for at := 8; ; {
		if at+12 > len(b) {
			return p.short()
		}
		size := uint64(binary.BigEndian.Uint32(b[at:]))
		if uint64(at)+12+size > uint64(len(b)) {
			return p.short()
		}
		end := at + 12 + int(size)
		name, data := string(b[at+4:at+8]), b[at+8:end-4]
		if at == 8 && (name != "IHDR" || size != 13) {
			return p.damaged("开头不是 IHDR", "it does not begin with IHDR")
		}
		if pngKept[name] && p.chunk(name, data) {
			p.keep = append(p.keep, b[at:end])
			if name == "cHRM" || name == "gAMA" || name == "sRGB" || name == "cICP" || name == "iCCP" {
				p.colour = append(p.colour, b[at:end]...)
			}
		}
		if name == "eXIf" {
			p.orientation = orientation(data)
		}
		if name == "IEND" {
			return nil
		}
		at = end
	}
}

// chunk looks at a chunk and reports whether it is published.
func (p *Picture) chunk(name string, data []byte) bool {
	switch name {
	case "IHDR":
		p.Width, p.Height = int(binary.BigEndian.Uint32(data)), int(binary.BigEndian.Uint32(data[4:]))
		p.depth = 4
		if data[8] == 16 {
			p.depth = 8
		}
		p.alpha = data[9] >= 4
	case "tRNS":
		p.alpha = true
	case "acTL":
		p.animated = true
	case "cICP":
		p.linear = true
	case "cHRM":
		p.linear = p.linear || !bytes.Equal(data, srgbPrimaries)
	case "gAMA": // 1/2.2, and sRGB, which is near it, are what browsers assume
		p.linear = p.linear || len(data) != 4 || binary.BigEndian.Uint32(data) != 45455
	case "iCCP":
		icc := inflateProfile(data)
		for _, space := range []string{"RGB ", "GRAY"} {
			if k := keptProfile(icc, space); k != nil {
				p.profile = k
			}
		}
		return p.profile != nil
	}
	return true
}

// srgbPrimaries are the white point and the primaries of sRGB as cHRM has them.
var srgbPrimaries = func() (b []byte) {
	for _, v := range []uint32{31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}()

// inflateProfile reads the profile in an iCCP chunk: name, zero, method, zlib.
func inflateProfile(data []byte) []byte {
	i := bytes.IndexByte(data, 0)
	if i < 0 || i+2 > len(data) || data[i+1] != 0 {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(data[i+2:]))
	if err != nil {
		return nil
	}
	icc, err := io.ReadAll(io.LimitReader(z, maxProfile+1))
	if err != nil {
		return nil
	}
	return icc
}

// withColour puts the chunks that say what colours mean into a PNG that we encoded, after IHDR.
func withColour(png, chunks []byte) []byte {
	const head = 8 + 25 // signature and IHDR
	return bytes.Join([][]byte{png[:head], chunks, png[head:]}, nil)
}

// iccChunk writes a profile as a PNG chunk.
func iccChunk(icc []byte) []byte {
	var z bytes.Buffer
	z.WriteString("icc\x00\x00")
	w := zlib.NewWriter(&z)
	w.Write(icc) // into memory
	w.Close()
	out := binary.BigEndian.AppendUint32(nil, uint32(z.Len()))
	out = append(out, "iCCP"...)
	out = append(out, z.Bytes()...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}
