// Package source is stage 1: it finds and reads the files of a site.
//
// A Tree is opened on one folder. Nothing outside it is read: paths with "..", absolute
// paths and symbolic links that lead out are refused by the operating system's
// own means (os.Root), not by looking at names. A symbolic link inside the tree
// to a file inside it is read as that file; a link to a folder is reported and
// not followed, so that no file is read twice.
//
// Files whose names start with a dot, end with ~ or are an editor's temporary files are passed over.
// Paths are slash-separated and in Unicode form NFC, so that a name typed on
// one system is found on another; the order of Walk is the order of paths,
// whatever the file system says.
//
// Text turns the bytes of a text file into UTF-8 with \n line ends and says what is
// wrong with them: another encoding (GBK, UTF-16), damaged bytes, a NUL. A byte order mark
// and \r\n are accepted silently: Windows editors write them.
package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"syscall"

	"zhendi/internal/diag"
)

// File is one file of a tree as Walk found it.
type File struct {
	Path string // slash-separated, NFC, relative to the tree
	disk string // as the file system has it
	Stamp
}

// Tree is a folder that can be read.
type Tree struct {
	// Lasting is that others work in the folder while the tree is open: none of its folders is then kept
	// open, for Windows would not let them be renamed.
	Lasting bool

	root *os.Root
	disk map[string]string // by path: the names that Walk found in another form than NFC

	mu      sync.Mutex
	folders map[string]*folder // open ones: a file is then opened by its last name, in one step
}

// folder is an open folder of a tree.
type folder struct {
	root *os.Root
	fd   int // of the same, for readFast; -1: none
	file *os.File
}

// Open opens the folder dir.
func Open(dir string) (*Tree, error) {
	r, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Tree{root: r, disk: map[string]string{}, folders: map[string]*folder{}}, nil
}

// Close releases the folder.
func (t *Tree) Close() error {
	for _, f := range t.folders {
		f.root.Close()
		if f.file != nil {
			f.file.Close()
		}
	}
	return t.root.Close()
}

// maxFolders is how many folders are kept open.
const maxFolders = 250

// folder returns the open folder of a file, and the file's name in it: as a rule the last, else that from the root.
func (t *Tree) folder(disk string) (*folder, string) {
	root := &folder{root: t.root, fd: -1}
	dir, name := path.Split(disk)
	if dir = strings.TrimSuffix(dir, "/"); dir == "" || t.Lasting {
		return root, disk
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if f, ok := t.folders[dir]; ok {
		return f, name
	}
	if len(t.folders) == maxFolders {
		return root, disk
	}
	r, err := t.root.OpenRoot(dir)
	if err != nil {
		return root, disk
	}
	f := &folder{root: r, fd: -1}
	f.openFast()
	t.folders[dir] = f
	return f, name
}

// Sub returns a folder of the tree, there or not. It is not left either, but names are as the file
// system has them.
func (t *Tree) Sub(dir string) fs.FS {
	sub, err := fs.Sub(t.root.FS(), dir)
	if err != nil {
		panic("source: bad folder " + dir)
	}
	return sub
}

var (
	ruleSymlinkDir = diag.Rule{ID: "symlink",
		ZH: "这是指向文件夹的符号链接，不会读取", EN: "symbolic link to a folder is not followed",
		FixZH: "把文件夹本身放到这里", FixEN: "put the folder itself here"}
	ruleSymlinkOut = diag.Rule{ID: "symlink",
		ZH: "符号链接指向网站文件夹之外，或指向的文件不存在", EN: "symbolic link leads out of the site's folder or nowhere",
		FixZH: "把文件本身放到这里", FixEN: "put the file itself here"}
	ruleSpecial = diag.Rule{ID: "not-a-file",
		ZH: "这不是普通文件，无法读取", EN: "not a regular file",
		FixZH: "移走它", FixEN: "move it away"}
	ruleUnreadable = diag.Rule{ID: "unreadable",
		ZH: "无法读取：%[1]s", EN: "cannot be read: %[1]s",
		FixZH: "检查文件的权限与磁盘", FixEN: "check the file's permissions and the disk"}
	ruleSameName = diag.Rule{ID: "same-name",
		ZH: "与“%[1]s”只差字符的写法（Unicode 形式），是同一个名字", EN: "the same name as %[1]q but for its Unicode form",
		FixZH: "改名", FixEN: "rename one of them"}
)

// Ignored reports whether a file or folder of this name is passed over:
// hidden ones, backups and the temporary files of editors.
func Ignored(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") ||
		strings.HasPrefix(name, "~$") || strings.HasSuffix(name, ".swp") || strings.HasSuffix(name, ".tmp") ||
		name == "Thumbs.db" || name == "desktop.ini" || strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#")
}

// maxFile is the largest file that is read into memory.
const maxFile = 1 << 30

// Read returns the bytes of a file of the tree.
func (t *Tree) Read(f File) ([]byte, error) { return t.read(f.disk, f.Size, nil) }

// ReadInto is Read into the room that buf has, or more if that is not enough.
func (t *Tree) ReadInto(buf []byte, f File) ([]byte, error) { return t.read(f.disk, f.Size, buf) }

// ReadPath returns the bytes of the file at path, a Path of a File or any other; an error for which
// errors.Is(err, fs.ErrNotExist) holds if there is none.
func (t *Tree) ReadPath(path string) ([]byte, error) {
	if disk, ok := t.disk[path]; ok {
		path = disk
	}
	return t.read(path, 0, nil)
}

func (t *Tree) read(disk string, size int64, buf []byte) ([]byte, error) {
	if buf = buf[:0]; int64(cap(buf)) <= size && size <= maxFile {
		buf = make([]byte, 0, size+512)
	}
	dir, name := t.folder(disk)
	if size < int64(cap(buf)) {
		if b, ok := dir.readFast(name, buf, int(size)); ok {
			return b, nil
		}
	}
	f, err := dir.root.Open(name)
	if err != nil && dir.root != t.root { // a link may leave the folder, but not the tree
		f, err = t.root.Open(disk)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > maxFile {
		return nil, fmt.Errorf("%s: larger than %d bytes", disk, maxFile)
	}
	for {
		n, err := f.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return nil, err
		}
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
	}
}

// Unreadable returns the problem of a file that Read failed on.
func Unreadable(path string, err error) diag.Problem {
	return ruleUnreadable.At(diag.Pos{File: path}, reason(err))
}

// reason strips the path from a file error: the problem shows it already.
func reason(err error) diag.Text {
	zh, en := "", err.Error()
	var pe *fs.PathError
	if errors.As(err, &pe) {
		en = pe.Err.Error()
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		zh = "没有读取的权限"
	case errors.Is(err, fs.ErrNotExist):
		zh = "文件不存在"
	case errors.Is(err, syscall.EISDIR):
		zh, en = "这是一个文件夹", "it is a folder"
	case errors.Is(err, syscall.ENOTDIR):
		zh = "它的上级不是文件夹"
	case errors.Is(err, syscall.EIO):
		zh = "磁盘读取出错"
	default:
		zh = en
	}
	return diag.T(zh, en)
}
