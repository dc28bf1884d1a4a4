// Package output writes a built site into a directory: bytes and a manifest in,
// files out. It is the only package that changes the output directory, and every file
// operation it makes goes through one seam (ops), where the fault tests cut.
//
//	tx, err := output.Open(ctx, "public", output.Options{As: "build"})
//	defer tx.Abort() // after Commit it does nothing
//	tx.Put(output.File{Path: "index.html", Class: output.Home, Body: page}) // from any goroutine
//	result, err := tx.Commit(output.Build{Generator: "zhendi 1.0", BaseURL: "https://example.gov.cn/"})
//
// # What is promised
//
//   - At every instant each file below the directory is whole: the old bytes or the new.
//     Files appear in the order of their Class, the manifest after them, then what is
//     stale goes, in the reverse order; so a page never stands without its stylesheet or picture.
//     Two exceptions: in a first build, which nobody reads yet, and in one that changes most of a site
//     of 64 files or more, the parts of one top folder appear together; and where a file becomes a
//     folder or the reverse, the old goes just before the new comes.
//   - Nothing changes before Commit. A Commit that refuses (two files for one path, a file in
//     the way) has changed nothing either.
//   - A file that zhendi did not write is never changed or removed. One that stands where a
//     page must go is an error, unless its bytes are the page's. What is zhendi's is what the
//     manifest lists; such a path is written over even if somebody altered the file.
//   - A run that is killed, or whose disk fills, leaves every file whole and a journal. The
//     next run knows from it which files are zhendi's, and ends as if nothing had happened.
//   - The same files and facts give the same bytes, the manifest included.
//
// A folder that a removal leaves empty is removed. Permissions and times of files are not managed.
//
// # The manifest
//
// _site/manifest.txt lists every other file, sorted by path in byte order, after lines with
// the facts of the build:
//
//	# zhendi manifest 1
//	# generator: zhendi 1.0
//	# base-url: https://example.gov.cn/
//	# drafts: no
//	# future: no
//	# audience:
//	# lan: no
//	# serial: 0
//	# files: 1
//	<SHA-256, hexadecimal>␠␠<path>␉<size>␉<class>␉<media type>
//
// so that a shell line can check it, in the output directory:
//
//	grep -v '^#' _site/manifest.txt | cut -f1 | sha256sum -c --quiet
//
// Nothing is escaped: paths with control characters, a backslash or invalid UTF-8 are refused
// (CheckPath), everything else, spaces and Chinese included, stands as it is.
//
// # System calls of Commit, in order
//
// Put wrote each new or changed file to .zhendi-build/new/<path>: creating a file in a new
// folder costs a fifth of creating one beside others and renaming it. Then
//
//  1. write and fsync .zhendi-build/manifest, if it differs from the one in place;
//  2. write and fsync .zhendi-build/journal.new, rename it to journal, fsync the folder: from
//     here on the paths that come and go are known to be ours, whatever happens;
//  3. mkdir and rename, class by class, from .zhendi-build/new into place. A first build
//     renames whole folders where there is none yet; one that changes most files links into the
//     staged top folders what else stands in those in place, and exchanges the two (swap.go);
//  4. rename the manifest into place and fsync its folder;
//  5. unlink what is stale, rmdir what that left empty;
//  6. remove .zhendi-build/new, then the journal, then the lock.
//
// Only manifest and journal are synced: a hundred thousand fsyncs would take minutes. After a
// loss of power a page may be short or missing although the manifest lists it. The next
// build compares what is on disk and puts it back; publish checks every hash before it sends.
//
// No file is read to learn that it is unaltered if Options.Stamps names a place to remember
// sizes, times and inodes in, and none is hashed, but for its check sum; see stamps.go.
//
// The package does not know what the files mean, which sources they come from, or how they
// are published.
package output

// Class says what a file is to readers and caches. Files are put in place in this order,
// because each class refers to those before it, and removed in the reverse order.
type Class uint8

// The classes, in the order of writing.
const (
	Asset    Class = iota // styles, scripts, fonts: named by their content, kept for ever
	Picture               // pictures and attachments of articles
	Article               // pages that lists lead to; also 404 and other single pages
	List                  // fronts of columns, archives, pages of tags
	Home                  // the front pages of the site
	Feed                  // feeds, sitemaps, robots.txt, small JSON files
	Redirect              // pages that lead from an old address to the new one
	classes  = iota
)

var classNames = [classes]string{"asset", "picture", "article", "list", "home", "feed", "redirect"}

// String returns the name of the class in the manifest.
func (c Class) String() string {
	if c >= classes {
		return "unknown"
	}
	return classNames[c]
}

// File is one file of the site. Path is slash-separated, relative to the output directory, and
// obeys CheckPath.
type File struct {
	Path  string
	Class Class
	Body  []byte
}

// Build is what the manifest says of the build as a whole. It holds no time: the same site
// gives the same manifest.
type Build struct {
	Generator string // program and version
	BaseURL   string
	Drafts    bool   // drafts are shown
	Future    bool   // articles of a later date are shown
	Audience  string // empty: the public
	LAN       bool   // for an internal network
	Serial    int64  // rises from build to build; 0: none. publish refuses a lower one
}

// Result says what a Commit did. The manifest itself is not counted.
type Result struct {
	Written, Unchanged, Removed int
	Bytes                       int64 // of all files of the site
}
