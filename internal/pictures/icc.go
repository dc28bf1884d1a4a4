package pictures

import (
	"bytes"
	"encoding/binary"
)

// maxProfile is the largest colour profile that is kept. Those of displays and cameras have about 1 KB,
// those of scanners and presses up to megabytes.
const maxProfile = 64 << 10

// keptProfile returns the colour profile if browsers need it to show the picture as it was meant: nil
// if it is sRGB, is not for space ("RGB " or "GRAY"), is too large or is none (ICC.1:2022, 7.2).
func keptProfile(icc []byte, space string) []byte {
	if len(icc) < 132 || len(icc) > maxProfile || string(icc[36:40]) != "acsp" || string(icc[16:20]) != space {
		return nil
	}
	if size := binary.BigEndian.Uint32(icc); uint64(size) > uint64(len(icc)) || size < 132 {
		return nil
	} else {
		icc = icc[:size]
	}
	if isSRGB(icc) {
		return nil
	}
	return icc
}

// isSRGB tells by the profile's description, which for all usual ones begins with this name in ASCII or UTF-16.
func isSRGB(icc []byte) bool {
	n := binary.BigEndian.Uint32(icc[128:])
	for i := range min(n, 64) {
		e := 132 + int(i)*12
		if e+12 > len(icc) {
			return false
		}
		if string(icc[e:e+4]) != "desc" {
			continue
		}
		at, size := uint64(binary.BigEndian.Uint32(icc[e+4:])), uint64(binary.BigEndian.Uint32(icc[e+8:]))
		if at+size > uint64(len(icc)) {
			return false
		}
		text := bytes.ReplaceAll(icc[at:at+size], []byte{0}, nil)
		return bytes.Contains(text, []byte("sRGB")) && !bytes.Contains(text, []byte("inear"))
	}
	return false
}

// iccSegments writes a profile as JPEG segments (ICC.1:2022, annex B.4).
func iccSegments(icc []byte) (out []byte) {
	const room = 65535 - 2 - 14
	total := (len(icc) + room - 1) / room
	for i := range total {
		part := icc[i*room : min((i+1)*room, len(icc))]
		out = append(out, 0xff, 0xe2)
		out = binary.BigEndian.AppendUint16(out, uint16(2+14+len(part)))
		out = append(out, "ICC_PROFILE\x00"...)
		out = append(out, byte(i+1), byte(total))
		out = append(out, part...)
	}
	return out
}
