package build

import (
	"bytes"
	"image"
	_ "image/gif" // formats whose size is read
	_ "image/jpeg"
	_ "image/png"

	_ "golang.org/x/image/webp"

	"zhendi/internal/source"
)

type imageSize struct{ w, h int }

// imageSize returns a picture's size in pixels, zero if its format has none (SVG) or it cannot be
// read. Each picture is looked at once.
func (p *pages) imageSize(f source.File) imageSize {
	if s, ok := p.images.Load(f.Path); ok {
		return s.(imageSize)
	}
	var s imageSize
	if raw, err := p.l.tree.Read(f); err == nil {
		if c, _, err := image.DecodeConfig(bytes.NewReader(raw)); err == nil {
			s = imageSize{c.Width, c.Height}
		}
	}
	p.images.Store(f.Path, s)
	return s
}
