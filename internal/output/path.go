package output

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Names in the output directory that are this package's own.
const (
	ManifestPath = "_site/manifest.txt" // the manifest
	WorkDir      = ".zhendi-build"      // lock, journal and staged files; gone when no run is under way
)

// maxName is the longest name of a file or folder, in bytes: ext4, XFS and APFS allow 255. maxPath is the longest
// path: no system takes a longer one at once.
const (
	maxName = 255
	maxPath = 4096
)

// Why is the kind of a PathError.
type Why int

// What can be wrong with the path of a file.
const (
	BadPath       Why = iota // no system, or not every one, can hold a file of that name
	Twice                    // two files for one path
	Alike                    // two paths that differ only by case or Unicode form: one file on Windows and macOS
	FileAndFolder            // one path must be a file and a folder
	Foreign                  // a file that zhendi did not write stands there
)

// PathError says why a file cannot be written at its path.
type PathError struct {
	Why    Why
	Path   string
	With   string // the other path, for Alike, FileAndFolder (the file) and Foreign (what is in the way)
	Detail string // for BadPath: what is wrong
}

// Error says what is wrong and what to do.
func (e *PathError) Error() string {
	switch e.Why {
	case Twice:
		return fmt.Sprintf("output: two files for one path: %s", e.Path)
	case Alike:
		return fmt.Sprintf("output: %s and %s differ only by case or Unicode form, one file on Windows and macOS: rename one", e.With, e.Path)
	case FileAndFolder:
		return fmt.Sprintf("output: %s must be a file, and %s a folder: rename one", e.With, e.Path)
	case Foreign:
		return fmt.Sprintf("output: %s stands in the way of %s and was not written by zhendi: move it away", e.With, e.Path)
	}
	return fmt.Sprintf("output: bad path %q: %s", e.Path, e.Detail)
}

// CheckPath returns a *PathError if a file cannot have the path on each of Linux, macOS, Windows
// and object storage: paths are relative, with non-empty segments other than "." and "..", of at
// most 255 bytes (4096 in all), in valid UTF-8 without control characters, line separators and \ : * ? " < > |;
// no segment ends in a dot or space or is one of Windows' devices (con, nul, com1 …). The
// manifest and the work folder are reserved.
func CheckPath(path string) error {
	if plainPath(path) {
		return nil
	}
	return checkClosely(path)
}

func checkClosely(path string) error {
	bad := func(detail string) error { return &PathError{Why: BadPath, Path: path, Detail: detail} }
	switch {
	case path == "":
		return bad("it is empty")
	case path[0] == '/':
		return bad("it must be relative")
	case len(path) > maxPath:
		return bad(fmt.Sprintf("it is longer than %d bytes", maxPath))
	case !utf8.ValidString(path):
		return bad("it is not UTF-8")
	}
	for _, r := range path {
		switch {
		case r < utf8.RuneSelf && badASCII[r]:
			return bad(fmt.Sprintf("it holds %q", r))
		case r >= utf8.RuneSelf && (r <= 0x9F || r == 0x2028 || r == 0x2029 || r == 0xFEFF):
			return bad(fmt.Sprintf("it holds %U", r))
		}
	}
	for rest, more := path, true; more; {
		var name string
		name, rest, more = strings.Cut(rest, "/")
		if d := badName(name); d != "" {
			return bad(d)
		}
	}
	if within(path, WorkDir) || within(path, ManifestPath) || strings.EqualFold(path, folderOf(ManifestPath)) {
		return bad("the name is reserved")
	}
	return nil
}

// plainPath reports that a path is surely good, as nearly all are. Those of others CheckPath looks at closely.
func plainPath(path string) bool {
	if path == "" || len(path) > maxPath || path[0] == '_' { // ours begin so, or with a dot
		return false
	}
	for {
		k := strings.IndexByte(path, '/')
		if k < 0 {
			return plain(path)
		}
		if !plain(path[:k]) {
			return false
		}
		path = path[k+1:]
	}
}

// plain reports that the name of a file or folder is good, of small letters, digits, - _ and dots inside.
func plain(name string) bool {
	if name == "" || len(name) > maxName || name[0] == '.' || name[len(name)-1] == '.' {
		return false
	}
	for i := range len(name) {
		if !plainASCII[name[i]] {
			return false
		}
	}
	return !windowsDevice(name)
}

var plainASCII = func() (is [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyz0123456789-_.") {
		is[c] = true
	}
	return is
}()

// within reports whether path is top or below it, in whatever case.
func within(path, top string) bool {
	return len(path) >= len(top) && strings.EqualFold(path[:len(top)], top) && (len(path) == len(top) || path[len(top)] == '/')
}

// badASCII holds the characters that Windows or the shell line over the manifest cannot take.
var badASCII = func() (bad [utf8.RuneSelf]bool) {
	for c := range bad {
		bad[c] = c < ' ' || c == 0x7F || strings.ContainsRune(`\:*?"<>|`, rune(c))
	}
	return bad
}()

// badName says what is wrong with one segment of a path.
func badName(name string) string {
	switch {
	case name == "":
		return "a segment is empty"
	case name == "." || name == "..":
		return "a segment is " + name
	case len(name) > maxName:
		return fmt.Sprintf("a name is longer than %d bytes", maxName)
	case name[len(name)-1] == '.' || name[len(name)-1] == ' ':
		return "a name ends in a dot or space, which Windows drops"
	case windowsDevice(name):
		return "a name is a device on Windows"
	}
	return ""
}

// windowsDevice reports whether Windows takes name, with any extension, for a device.
// learn.microsoft.com/windows/win32/fileio/naming-a-file
func windowsDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.TrimRight(base, " ")
	if len(base) < 3 || len(base) > 5 {
		return false
	}
	switch stem := strings.ToLower(base[:3]); {
	case len(base) == 3:
		return stem == "con" || stem == "prn" || stem == "aux" || stem == "nul"
	case stem == "com" || stem == "lpt":
		d := base[3:]
		return d >= "0" && d <= "9" && len(d) == 1 || d == "¹" || d == "²" || d == "³"
	}
	return false
}

// Fold returns the form of path by which Windows and macOS compare names: two paths with the
// same form are one file there.
func Fold(path string) string {
	if isFolded(path) {
		return path
	}
	return norm.NFC.String(strings.Map(foldRune, norm.NFC.String(path)))
}

// isFolded reports the common case, ASCII without capitals. It looks at eight bytes at a time: some builds ask it of all paths of a site.
func isFolded(path string) bool {
	const each = 0x0101010101010101
	for ; len(path) >= 8; path = path[8:] {
		w := uint64(path[0]) | uint64(path[1])<<8 | uint64(path[2])<<16 | uint64(path[3])<<24 | uint64(path[4])<<32 | uint64(path[5])<<40 | uint64(path[6])<<48 | uint64(path[7])<<56
		capital := (w + (0x80-'A')*each) &^ (w + (0x80-'Z'-1)*each) // where no byte is above 0x7F, the high bit of those from A to Z
		if (w|capital)&(0x80*each) != 0 {
			return false
		}
	}
	for i := range len(path) {
		if c := path[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return false
		}
	}
	return true
}

// foldRune returns one and the same character for all that differ only by case.
func foldRune(r rune) rune {
	if r >= 0x2E80 && r <= 0xA63F { // Chinese and its neighbours have no case
		return r
	}
	least := r
	for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
		least = min(least, o)
	}
	return unicode.ToLower(least)
}

// folderOf returns the folder of path, "" for the root.
func folderOf(path string) string {
	return path[:max(0, strings.LastIndexByte(path, '/'))]
}
