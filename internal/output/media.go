package output

import "strings"

// MediaType returns the media type of the file at path by its extension. The table is ours and
// not the system's, so that every machine writes the same manifest. What it does not
// know is application/octet-stream: a browser saves it and does not guess.
func MediaType(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return unknownMedia
	}
	ext := name[dot+1:]
	if t, ok := mediaTypes[ext]; ok {
		return t
	}
	if t, ok := mediaTypes[strings.ToLower(ext)]; ok {
		return t
	}
	return unknownMedia
}

const unknownMedia = "application/octet-stream"

// mediaTypes follows IANA's registry; types that hold text name their encoding. The
// office suites' and OFD (GB/T 33190) types without a registration are those their makers use.
var mediaTypes = map[string]string{
	// pages and what they load
	"html":        "text/html; charset=utf-8",
	"htm":         "text/html; charset=utf-8",
	"css":         "text/css; charset=utf-8",
	"js":          "text/javascript; charset=utf-8",
	"mjs":         "text/javascript; charset=utf-8",
	"json":        "application/json; charset=utf-8",
	"map":         "application/json; charset=utf-8",
	"webmanifest": "application/manifest+json; charset=utf-8",
	"wasm":        "application/wasm",
	"woff":        "font/woff",
	"woff2":       "font/woff2",
	"ttf":         "font/ttf",
	"otf":         "font/otf",
	// feeds and text
	"xml":  "application/xml; charset=utf-8",
	"xsl":  "application/xslt+xml; charset=utf-8",
	"rss":  "application/rss+xml; charset=utf-8",
	"atom": "application/atom+xml; charset=utf-8",
	"txt":  "text/plain; charset=utf-8",
	"md":   "text/markdown; charset=utf-8",
	"csv":  "text/csv; charset=utf-8",
	"vtt":  "text/vtt; charset=utf-8",
	"ics":  "text/calendar; charset=utf-8",
	// pictures, sound, film
	"svg":  "image/svg+xml; charset=utf-8",
	"png":  "image/png",
	"jpg":  "image/jpeg",
	"jpeg": "image/jpeg",
	"gif":  "image/gif",
	"webp": "image/webp",
	"avif": "image/avif",
	"bmp":  "image/bmp",
	"tif":  "image/tiff",
	"tiff": "image/tiff",
	"ico":  "image/vnd.microsoft.icon",
	"mp3":  "audio/mpeg",
	"m4a":  "audio/mp4",
	"aac":  "audio/aac",
	"ogg":  "audio/ogg",
	"wav":  "audio/wav",
	"mp4":  "video/mp4",
	"m4v":  "video/mp4",
	"mov":  "video/quicktime",
	"webm": "video/webm",
	// attachments
	"pdf":  "application/pdf",
	"ofd":  "application/ofd",
	"doc":  "application/msword",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xls":  "application/vnd.ms-excel",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"ppt":  "application/vnd.ms-powerpoint",
	"pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"wps":  "application/wps-office.wps",
	"et":   "application/wps-office.et",
	"dps":  "application/wps-office.dps",
	"odt":  "application/vnd.oasis.opendocument.text",
	"ods":  "application/vnd.oasis.opendocument.spreadsheet",
	"odp":  "application/vnd.oasis.opendocument.presentation",
	"rtf":  "application/rtf",
	"epub": "application/epub+zip",
	"zip":  "application/zip",
	"rar":  "application/vnd.rar",
	"7z":   "application/x-7z-compressed",
	"gz":   "application/gzip",
}
