// Package pictures makes pictures fit to be published: bytes in, bytes out, nothing of sites.
//
// Read looks at a picture's header and structure without decoding it. What is no picture, is
// damaged, too large to be decoded in bounded memory and time, or active (an SVG with scripts) is
// a problem, which says what to do. Clean gives the bytes to publish at the picture's own address: the same pixels
// without metadata. Make decodes it and gives narrower versions, for srcset.
//
//	p, problem := pictures.Read("a.jpg", b)
//	set, problem := p.Make()
//	set.Versions // 320, 640, 960 … wide, narrowest first
//
// Both results are pure functions of the bytes and of settings, which are constants here, and are
// the same on every machine: all arithmetic is on integers. Key names them; Cache keeps them on disk.
//
// # What is read, what is written
//
//	JPEG   versions are JPEG, quality 80, 4:2:0
//	PNG    versions are PNG; JPEG where the picture is opaque and JPEG takes less than a third (photographs)
//	WebP   versions are JPEG, or PNG if it is not opaque
//	GIF    published as it is, animated or not: no versions
//	SVG    published as it is, if it shows a picture and does nothing else: no versions
//
// Animated PNG and WebP have no versions. Other formats (HEIC, AVIF, TIFF, BMP) are problems: browsers do not show
// them, or their metadata cannot be taken out.
//
// # Widths
//
// 320, 640, 960, 1280 and 1920 pixels, as far as they are less than nine tenths of the picture's own, and its
// own width up to 1920. Lists show 160 px and less, texts some 800 px and the screen's width at most on phones; screens
// have up to three pixels for one: nothing is shown at more than 1920. A version that is not clearly smaller in bytes
// than the next wider one is dropped. Nothing is enlarged.
//
// # Metadata
//
// All of it is dropped, also from what is published unresized: EXIF with the place and the camera, XMP, IPTC,
// comments, thumbnails, what follows the picture's end. The orientation in EXIF is applied: the pixels are turned. (A WebP
// picture that is not upright keeps an EXIF block with the orientation and nothing else; we cannot write WebP.)
// The colour profile stays, in versions too, unless it is sRGB, which is what browsers assume, or larger than 64 KB:
// without it pictures of telephones would look pale. Profiles of CMYK pictures go with the CMYK.
package pictures

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"path"
	"strings"

	"zhendi/internal/diag"
)

// settings names what Make does. It is part of every key: change it when the bytes that Make
// returns change. TestVersionsAreThese notices.
const settings = "1"

// Limits on what is decoded.
const (
	maxPixels = 1 << 26  // 67 million: telephones take up to 50
	maxSide   = 30000    // pixels
	maxBytes  = 64 << 20 // of the file
	maxDepth  = 1 << 29  // bytes of the decoded picture
	maxScans  = 64       // of a JPEG; usual are 10. Each costs time for the whole picture
)

// Format is the kind of a picture, by its bytes.
type Format uint8

// Formats that are published.
const (
	Unknown Format = iota
	JPEG
	PNG
	WebP
	GIF
	SVG
)

var formats = [...]struct{ name, extensions string }{JPEG: {"JPEG", ".jpg .jpeg"}, PNG: {"PNG", ".png"}, WebP: {"WebP", ".webp"}, GIF: {"GIF", ".gif"}, SVG: {"SVG", ".svg"}}

// String returns the usual name of the format.
func (f Format) String() string { return formats[f].name }

// Named reports whether a file of this name should be a picture.
func Named(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg", ".avif", ".heic", ".heif", ".bmp", ".tif", ".tiff", ".jfif", ".jxl":
		return true
	}
	return false
}

// Picture is a picture whose header was read.
type Picture struct {
	Format        Format
	Width, Height int // upright

	name        string
	src         []byte
	keep        [][]byte // what of src is published, in order, and what is put between
	orientation int      // EXIF: 1 upright … 8
	animated    bool
	profile     []byte // the colour profile that is kept
	colour      []byte // PNG: the chunks that say what the numbers mean
	linear      bool   // PNG: they say something that JPEG cannot
	depth       int    // bytes for each pixel when decoded
	alpha       bool   // not opaque, perhaps
}

// Read reads the header of the picture in b. name is for messages. The picture keeps b.
func Read(name string, b []byte) (*Picture, *diag.Problem) {
	p := &Picture{name: name, src: b, orientation: 1, depth: 3}
	p.Format = sniff(b)
	if p.Format == Unknown {
		return nil, p.problem(&ruleKind, name, kindOf(b))
	}
	if len(b) > maxBytes {
		return nil, p.problem(&ruleBytes, name, len(b)>>20, maxBytes>>20)
	}
	read := [...]func(*Picture) *diag.Problem{JPEG: (*Picture).readJPEG, PNG: (*Picture).readPNG, WebP: (*Picture).readWebP, GIF: (*Picture).readGIF, SVG: (*Picture).readSVG}[p.Format]
	if problem := read(p); problem != nil {
		return nil, problem
	}
	w, h := p.Width, p.Height
	switch {
	case w <= 0 || h <= 0:
		return nil, p.damaged("它的宽或高是零", "its width or height is zero")
	case p.Format == SVG:
	case w > maxSide || h > maxSide || w*h > maxPixels || w*h*p.depth > maxDepth:
		return nil, p.problem(&ruleLarge, name, w, h, maxPixels/1_000_000)
	}
	if p.orientation > 4 { // lies on its side
		p.Width, p.Height = h, w
	}
	return p, nil
}

// Upright reports whether Clean is upright, in a format that can be written.
func (p *Picture) Upright() bool { return p.orientation == 1 || p.Format == WebP }

// Sum is the SHA-256 of the picture's bytes.
func (p *Picture) Sum() [sha256.Size]byte { return sha256.Sum256(p.src) }

// Clean returns the bytes to publish at the picture's own address: the same pixels, without metadata. A picture that
// does not stand upright is published by Set.Upright instead, if there is one.
func (p *Picture) Clean() []byte { return bytes.Join(p.keep, nil) }

// Key names what Make returns for a picture whose bytes have this SHA-256: 52 letters and digits.
func Key(sum [sha256.Size]byte) string {
	h := sha256.Sum256(append([]byte("zhendi pictures "+settings+"\n"), sum[:]...))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(h[:]))
}

func sniff(b []byte) Format {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(b, []byte(pngSignature)):
		return PNG
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return WebP
	case bytes.HasPrefix(b, []byte("GIF87a")), bytes.HasPrefix(b, []byte("GIF89a")):
		return GIF
	case isSVG(b):
		return SVG
	}
	return Unknown
}

// kindOf says what b is, if it is no picture that we publish.
func kindOf(b []byte) diag.Text {
	head := strings.ToLower(string(b[:min(len(b), 512)]))
	brand := ""
	if len(b) >= 12 && string(b[4:8]) == "ftyp" {
		brand = string(b[8:12])
	}
	is := func(prefixes ...string) bool {
		for _, p := range prefixes {
			if strings.HasPrefix(string(b), p) {
				return true
			}
		}
		return false
	}
	switch {
	case len(b) == 0:
		return diag.T("文件是空的", "the file is empty")
	case brand == "avif" || brand == "avis":
		return diag.T("它是 AVIF，其中的拍摄信息无法去掉", "it is AVIF, whose metadata cannot be taken out")
	case brand == "heic" || brand == "heix" || brand == "mif1" || brand == "hevc":
		return diag.T("它是 HEIC（苹果手机的照片格式），浏览器不显示", "it is HEIC, the format of iPhones, which browsers do not show")
	case is("BM"):
		return diag.T("它是 BMP，没有压缩", "it is BMP, which is not compressed")
	case is("II*\x00", "MM\x00*"):
		return diag.T("它是 TIFF，浏览器不显示", "it is TIFF, which browsers do not show")
	case is("8BPS"):
		return diag.T("它是 Photoshop 文件", "it is a Photoshop file")
	case is("%PDF"):
		return diag.T("它是 PDF 文件", "it is a PDF file")
	case strings.Contains(head, "<html") || strings.Contains(head, "<!doctype html"):
		return diag.T("它是一个网页，可能是下载时存成的", "it is a web page, perhaps saved by a download that failed")
	case is("version https://git-lfs"):
		return diag.T("它是 Git LFS 的指针，图片本身没有下载", "it is a pointer of Git LFS; the picture itself was not fetched")
	}
	return diag.T("认不出它的格式", "its format is not known")
}
