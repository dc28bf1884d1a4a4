package portal

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// decodeQR finds and reads the code in a picture.
func decodeQR(m image.Image) (string, error) {
	b, err := gozxing.NewBinaryBitmapFromImage(m)
	if err != nil {
		return "", err
	}
	res, err := qrcode.NewQRCodeReader().Decode(b, nil)
	if err != nil {
		return "", err
	}
	return res.GetText(), nil
}

var strokes = regexp.MustCompile(`([Mmh])(-?[0-9.]+)(?:[ ,]?(-?[0-9.]+))?`)

// readQR draws the page's code, of which only lines are expected, and reads it.
func readQR(t *testing.T, pg *page) string {
	t.Helper()
	svg := pg.one(t, ".qr-box svg")
	var side int
	if _, err := fmt.Sscanf(attr(svg, "viewBox"), "0 0 %d %d", &side, &side); err != nil {
		t.Fatalf("%s: viewBox: %v", pg, err)
	}
	const px = 4
	m := image.NewGray(image.Rect(0, 0, side*px, side*px))
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	var x, y float64
	for _, s := range strokes.FindAllStringSubmatch(attr(first(svg, "path"), "d"), -1) {
		a, _ := strconv.ParseFloat(s[2], 64)
		b, _ := strconv.ParseFloat(s[3], 64)
		switch s[1] {
		case "M":
			x, y = a, b
		case "m":
			x, y = x+a, y+b
		case "h":
			draw.Draw(m, image.Rect(int(x*px), int((y-.5)*px), int((x+a)*px), int((y+.5)*px)), image.NewUniform(color.Black), image.Point{}, draw.Src)
			x += a
		}
	}
	got, err := decodeQR(m)
	if err != nil {
		t.Errorf("%s: QR code cannot be read: %v", pg, err)
	}
	return strings.TrimSpace(got)
}
