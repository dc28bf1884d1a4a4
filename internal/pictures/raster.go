package pictures

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
)

// raster is decoded pixels as they lie in the file: one plane of grey, three of Y, Cb and Cr, or one of
// RGBA, premultiplied.
type raster []plane

// scaled returns the raster w by h, colour at half of that.
func (r raster) scaled(w, h int) raster {
	out := make(raster, len(r))
	for i, p := range r {
		if i > 0 {
			out[i] = scale(p, (w+1)/2, (h+1)/2)
		} else {
			out[i] = scale(p, w, h)
		}
	}
	return out
}

func (r raster) turned(orientation int) raster {
	out := make(raster, len(r))
	for i, p := range r {
		out[i] = turn(p, orientation)
	}
	return out
}

// rasterOf takes the pixels of an image apart.
func rasterOf(img image.Image) raster {
	b := img.Bounds()
	switch m := img.(type) {
	case *image.Gray:
		return raster{{b.Dx(), b.Dy(), 1, m.Stride, m.Pix}}
	case *image.YCbCr:
		cw, ch := b.Dx(), b.Dy()
		switch m.SubsampleRatio {
		case image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420:
			cw = (cw + 1) / 2
		case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
			cw = (cw + 3) / 4
		}
		switch m.SubsampleRatio {
		case image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio410:
			ch = (ch + 1) / 2
		}
		return raster{{b.Dx(), b.Dy(), 1, m.YStride, m.Y}, {cw, ch, 1, m.CStride, m.Cb}, {cw, ch, 1, m.CStride, m.Cr}}
	case *image.RGBA:
		return raster{{b.Dx(), b.Dy(), 4, m.Stride, m.Pix}}
	}
	m := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(m, m.Rect, img, b.Min, draw.Src)
	return raster{{b.Dx(), b.Dy(), 4, m.Stride, m.Pix}}
}

// fullRange stretches the samples of WebP, which go from 16 to 235 and 240 (RFC 6386, 9.2: BT.601), to those
// of JPEG, as package image takes them. BUG(golang.org/x/image/webp): it returns them as they are.
func fullRange(m *image.YCbCr) {
	var y, c [256]byte
	for i := range 256 {
		y[i] = byte(max(0, min(255, ((i-16)*255+109)/219)))
		c[i] = byte(max(0, min(255, 128+((i-128)*255+112*sign(i-128))/224)))
	}
	for i, v := range m.Y {
		m.Y[i] = y[v]
	}
	for _, plane := range [][]byte{m.Cb, m.Cr} {
		for i, v := range plane {
			plane[i] = c[v]
		}
	}
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

// image puts the pixels together for an encoder.
func (r raster) image() image.Image {
	p := r[0]
	rect := image.Rect(0, 0, p.w, p.h)
	switch {
	case len(r) == 3:
		return &image.YCbCr{Y: p.pix, Cb: r[1].pix, Cr: r[2].pix, YStride: p.stride, CStride: r[1].stride, SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: rect}
	case p.n == 1:
		return &image.Gray{Pix: p.pix, Stride: p.stride, Rect: rect}
	case r.opaque():
		return &image.RGBA{Pix: p.pix, Stride: p.stride, Rect: rect}
	}
	m := image.NewNRGBA(rect)
	draw.Draw(m, rect, &image.RGBA{Pix: p.pix, Stride: p.stride, Rect: rect}, image.Point{}, draw.Src)
	return m
}

func (r raster) opaque() bool {
	p := r[0]
	if p.n != 4 {
		return true
	}
	for y := range p.h {
		row := p.row(y)
		for i := 3; i < len(row); i += 4 {
			if row[i] != 0xff {
				return false
			}
		}
	}
	return true
}

// photo reports whether versions of the picture are written as JPEG, by one of them.
func (p *Picture) photo(r raster) (bool, error) {
	if p.Format == JPEG || !r.opaque() {
		return p.Format == JPEG, nil
	}
	if p.Format == WebP {
		return true, nil
	}
	if p.linear || r[0].n == 1 {
		return false, nil
	}
	flat, err := encodePNG(r)
	if err != nil {
		return false, err
	}
	lossy, err := encodeJPEG(r, quality)
	return len(lossy)*3 < len(flat), err
}

// encode writes one version.
func (p *Picture) encode(r raster, photo bool) (v Version, err error) {
	v = Version{Width: r[0].w, Height: r[0].h, Ext: ".png"}
	if photo {
		v.Ext = ".jpg"
		v.Body, err = encodeJPEG(r, quality)
		v.Body = p.withProfile(v.Body)
		return v, err
	}
	v.Body, err = encodePNG(r)
	switch {
	case err != nil:
	case p.colour != nil:
		v.Body = withColour(v.Body, p.colour)
	case p.profile != nil:
		v.Body = withColour(v.Body, iccChunk(p.profile))
	}
	return v, err
}

// upright writes the whole picture turned.
func (p *Picture) upright(r raster) ([]byte, error) {
	if p.Format == PNG {
		b, err := encodePNG(r.turned(p.orientation))
		if err != nil {
			return nil, err
		}
		return withColour(b, p.colour), nil
	}
	b, err := encodeJPEG(r.scaled(r[0].w, r[0].h).turned(p.orientation), qualityUpright)
	return p.withProfile(b), err
}

// withProfile puts the colour profile into a JPEG that we encoded, after its first marker. That of
// CMYK is not kept: what we encode is RGB.
func (p *Picture) withProfile(jpg []byte) []byte {
	if p.profile == nil || len(jpg) < 2 {
		return jpg
	}
	return bytes.Join([][]byte{jpg[:2], iccSegments(p.profile), jpg[2:]}, nil)
}

func encodeJPEG(r raster, quality int) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, r.image(), &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}

func encodePNG(r raster) ([]byte, error) {
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, r.image())
	return b.Bytes(), err
}
