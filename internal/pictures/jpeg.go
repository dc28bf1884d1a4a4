package pictures

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"zhendi/internal/diag"
)

// jpegScan walks over the segments of a JPEG file (ITU-T T.81, annex B).
type jpegScan struct {
	p          *Picture
	components int
	scans      int
	adobe      bool
	icc        map[byte][]byte // parts of the profile by number
	iccTotal   byte
}

// readJPEG keeps the segments that decoding needs and drops all others and what stands after the end:
// previews, depth maps and second pictures.
func (p *Picture) readJPEG() *diag.Problem {
	s := jpegScan{p: p, icc: map[byte][]byte{}}
	b := p.src
	p.keep = [][]byte{b[:2], nil} // the second becomes the profile
	at := 2
	for {
		for at < len(b) && b[at] == 0xff && at+1 < len(b) && b[at+1] == 0xff { // fill bytes
			at++
		}
		if at+2 > len(b) {
			if s.scans == 0 {
				return p.short()
			}
			break
		}
		if b[at] != 0xff {
			return p.damaged("各段之间有多余的数据", "there is data between its segments")
		}
		marker := b[at+1]
		if marker == 0xd9 { // end of image
			break
		}
		if marker >= 0xd0 && marker <= 0xd7 || marker == 0x01 { // without a length
			at += 2
			continue
		}
		if at+4 > len(b) {
			return p.short()
		}
		size := int(binary.BigEndian.Uint16(b[at+2:]))
		if size < 2 || at+2+size > len(b) {
			return p.short()
		}
		end := at + 2 + size
		if marker == 0xda {
			end = entropyEnd(b, end)
		}
		if problem := s.segment(marker, b[at:end], b[at+4:at+2+size]); problem != nil {
			return problem
		}
		at = end
	}
	return s.finish()
}

// entropyEnd returns where the coded data at b[at] ends: before a marker that is no restart.
func entropyEnd(b []byte, at int) int {
	for {
		i := bytes.IndexByte(b[at:], 0xff)
		if i < 0 || at+i+1 >= len(b) {
			return len(b)
		}
		at += i + 1
		if c := b[at]; c != 0 && c != 0xff && (c < 0xd0 || c > 0xd7) {
			return at - 1
		}
	}
}

// segment looks at one segment; data is what stands in it.
func (s *jpegScan) segment(marker byte, whole, data []byte) *diag.Problem {
	p := s.p
	switch {
	case marker == 0xe0:
		if bytes.HasPrefix(data, []byte("JFIF\x00")) && len(data) >= 14 { // without its thumbnail
			p.keep = append(p.keep, []byte{0xff, 0xe0, 0, 16}, data[:12], []byte{0, 0})
		}
		return nil
	case marker == 0xe1:
		if tiff, ok := bytes.CutPrefix(data, []byte("Exif\x00\x00")); ok && p.orientation == 1 {
			p.orientation = orientation(tiff)
		}
		return nil
	case marker == 0xe2:
		if icc, ok := bytes.CutPrefix(data, []byte("ICC_PROFILE\x00")); ok && len(icc) > 2 {
			s.icc[icc[0]], s.iccTotal = icc[2:], icc[1]
		}
		return nil
	case marker == 0xee:
		if bytes.HasPrefix(data, []byte("Adobe")) && len(data) >= 12 { // how colours are coded
			p.keep = append(p.keep, []byte{0xff, 0xee, 0, 14}, data[:12])
			s.adobe = true
		}
		return nil
	case marker >= 0xe0 && marker <= 0xef, marker >= 0xf0: // other applications, comments
		return nil
	case marker == 0xc0, marker == 0xc1, marker == 0xc2:
		if problem := s.frame(marker, data); problem != nil {
			return problem
		}
	case marker == 0xc4, marker == 0xdb, marker == 0xdd: // tables, restart interval
	case marker == 0xda:
		s.scans++
		if s.components == 0 || s.scans > maxScans {
			return p.damaged(fmt.Sprintf("编码异常（%d 遍扫描）", s.scans), fmt.Sprintf("it is coded in a strange way (%d scans)", s.scans))
		}
	default:
		return p.problem(&ruleKind, p.name, diag.T("它的 JPEG 编码浏览器不支持", "it is JPEG of a kind that browsers do not know"))
	}
	p.keep = append(p.keep, whole)
	return nil
}

// frame reads the picture's size.
func (s *jpegScan) frame(marker byte, data []byte) *diag.Problem {
	if len(data) < 9 || s.components != 0 {
		return s.p.damaged("帧头有误", "its frame header is wrong")
	}
	s.p.Height, s.p.Width = int(binary.BigEndian.Uint16(data[1:])), int(binary.BigEndian.Uint16(data[3:]))
	s.components = int(data[5])
	if s.components != 1 && s.components != 3 && s.components != 4 {
		return s.p.damaged("颜色的分量数有误", "its number of colour components is wrong")
	}
	if s.components == 4 {
		s.p.depth = 4
	}
	if marker == 0xc2 { // progressive: all coefficients are in memory, 4 bytes each
		s.p.depth = 9
		if data[7] == 0x11 { // 4:4:4
			s.p.depth = 15
		}
	}
	return nil
}

// finish puts the colour profile in its place and ends the file.
func (s *jpegScan) finish() *diag.Problem {
	p := s.p
	if s.scans == 0 {
		return p.short()
	}
	var icc []byte
	for i := byte(1); i <= s.iccTotal && i > 0; i++ {
		icc = append(icc, s.icc[i]...)
	}
	space := map[int]string{1: "GRAY", 3: "RGB "}[s.components]
	if p.profile = keptProfile(icc, space); p.profile != nil {
		p.keep[1] = iccSegments(p.profile)
	}
	p.keep = append(p.keep, []byte{0xff, 0xd9})
	return nil
}
