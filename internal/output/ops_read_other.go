//go:build !linux

package output

func readMany(dir string, paths []string, buf []byte, piece func(i int, b []byte) (more bool)) error {
	return readEach(dir, paths, buf, piece)
}
