//go:build !linux

package output

func lookAt(dir string, paths []string, saw func(i int, f found) error) error {
	return lookEach(dir, paths, saw)
}
