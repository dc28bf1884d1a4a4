package pictures

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"math"
	"path"
	"slices"
	"strings"

	"golang.org/x/image/webp"

	"zhendi/internal/diag"
)

// Set is what Make makes of a picture.
type Set struct {
	Format        Format
	Width, Height int       // of the picture, upright
	Upright       []byte    // to publish instead of Clean: the pixels turned; nil if Clean will do
	Versions      []Version // narrowest first
	Plain         string    // why the picture cannot be resized though browsers show it; empty if it can
}

// Whole reports whether the picture itself, as it is published at its own address, is one of the widths to be shown:
// it is not too wide, and no version of its width was worth making.
func (s *Set) Whole() bool {
	n := len(s.Versions)
	return n == 0 || s.Width <= widest && s.Versions[n-1].Width < s.Width
}

// Warnings are what a reader of a file called name should be told.
func (s *Set) Warnings(name string) (list diag.List) {
	f := formats[s.Format]
	if !slices.Contains(strings.Fields(f.extensions), strings.ToLower(path.Ext(name))) {
		want, _, _ := strings.Cut(f.extensions, " ")
		list.Add(ruleNamed.At(diag.Pos{}, name, f.name, want))
	}
	if s.Plain != "" {
		list.Add(rulePlain.At(diag.Pos{}, name, s.Plain))
	}
	return list
}

// Version is a picture in one size.
type Version struct {
	Width, Height int
	Ext           string // .jpg, .png
	Body          []byte
}

// widths are those of versions, widest first. The package comment says why these.
var widths = [...]int{1920, 1280, 960, 640, 320}

const (
	widest = 1920 // what no page shows larger

	worthwhile = 16 << 10 // bytes that a version of the picture's own width must save

	quality        = 80 // of versions: as good as 82 to 85 of older encoders in tests of others, and a third smaller than 90
	qualityUpright = 92 // of a whole picture that was turned: it may be used again
)

// Make decodes the picture and makes its versions. The problem is that it is damaged.
func (p *Picture) Make() (Set, *diag.Problem) {
	set := Set{Format: p.Format, Width: p.Width, Height: p.Height}
	if !p.resizable() {
		return set, nil
	}
	r, err := p.decode()
	var je jpeg.UnsupportedError
	var pe png.UnsupportedError
	if errors.As(err, &je) || errors.As(err, &pe) {
		set.Plain = err.Error()
		return set, nil
	}
	if err != nil {
		return set, p.damaged(err.Error(), err.Error())
	}
	own := len(p.src)
	if !p.Upright() {
		if set.Upright, err = p.upright(r); err != nil {
			return set, p.damaged(err.Error(), err.Error())
		}
		own = len(set.Upright)
	}
	if err := p.versions(&set, r, own); err != nil {
		return set, p.damaged(err.Error(), err.Error())
	}
	return set, nil
}

func (p *Picture) resizable() bool { return p.Format != GIF && p.Format != SVG && !p.animated }

// versions fills set.Versions, own being the length of the picture itself, which is the version of its width if that
// is not more than any page shows.
func (p *Picture) versions(set *Set, r raster, own int) error {
	list := []int{min(p.Width, widest)}
	for _, w := range widths {
		if w*10 <= p.Width*9 && w < list[0] {
			list = append(list, w)
		}
	}
	wider := min(own*4/5, own-worthwhile) // the picture itself is given up only for a much smaller one
	if p.Width > widest {
		wider = math.MaxInt
	}
	photo := false
	for i, w := range list {
		h := max(1, (p.Height*w+p.Width/2)/p.Width)
		if p.orientation > 4 { // the raster lies as the file does
			w, h = h, w
		}
		small := r.scaled(w, h)
		upright := small.turned(p.orientation)
		if i == 0 {
			var err error
			if photo, err = p.photo(upright); err != nil {
				return err
			}
		}
		v, err := p.encode(upright, photo)
		if err != nil {
			return err
		}
		if len(v.Body) <= wider {
			set.Versions = append(set.Versions, v)
			wider = len(v.Body) * 9 / 10
		} else if i == 0 {
			wider = own * 9 / 10
		}
		if i+1 < len(list) && v.Width >= 2*list[i+1] { // go on from here: less to read, and as sharp
			r = small
		}
	}
	slices.Reverse(set.Versions)
	return nil
}

// decode decodes the picture. A decoder that panics met bytes its authors did not think of: the picture is damaged.
func (p *Picture) decode() (r raster, err error) {
	defer func() {
		if x := recover(); x != nil {
			err = fmt.Errorf("%v", x)
		}
	}()
	var img image.Image
	switch b := bytes.NewReader(p.Clean()); p.Format {
	case JPEG:
		img, err = jpeg.Decode(b)
	case PNG:
		img, err = png.Decode(b)
	case WebP:
		img, err = webp.Decode(b)
	}
	if err != nil {
		return nil, err
	}
	switch m := img.(type) {
	case *image.YCbCr:
		if p.Format == WebP {
			fullRange(m)
		}
	case *image.NYCbCrA: // only WebP has it
		fullRange(&m.YCbCr)
	}
	return rasterOf(img), nil
}
