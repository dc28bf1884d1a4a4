package pictures

import "encoding/binary"

// orientation reads the tag Orientation (0x0112) of the first directory of EXIF, which is a TIFF file without
// pictures (EXIF 2.32, 4.6.2): 1, upright, to 8; 1 if it is not there or makes no sense.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	count := uint64(order.Uint16(tiff[at:]))
	for i := range count {
		e := at + 2 + i*12
		if e+12 > uint64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[e:]) != 0x0112 {
			continue
		}
		const short = 3
		if o := order.Uint16(tiff[e+8:]); order.Uint16(tiff[e+2:]) == short && o >= 1 && o <= 8 {
			return int(o)
		}
		return 1
	}
	return 1
}

// onlyOrientation is EXIF that says the orientation and nothing else.
func onlyOrientation(o int) []byte {
	return []byte{'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, byte(o), 0, 0, 0, 0, 0, 0, 0}
}
