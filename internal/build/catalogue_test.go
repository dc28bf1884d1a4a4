package build

import (
	"errors"
	"path/filepath"
	"testing"
)

// A catalogue that must not take the place of the one before leaves nothing behind.
func TestCatalogueThatIsNotPlaced(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "catalogue.json", "old")
	put(t, dir, "catalogue-1.tmp", "new")
	c := catalogue{fresh: filepath.Join(dir, "catalogue-1.tmp"), err: errors.New("a text is lost")}
	if c.place(filepath.Join(dir, "catalogue.json")) == nil {
		t.Error("no error")
	}
	if files := readAll(t, dir); len(files) != 1 || files["catalogue.json"] != "old" {
		t.Errorf("there are %v", files)
	}
}
