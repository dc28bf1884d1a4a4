package output

import "hash/maphash"

// claims says which paths of the new site are taken, by a file or by a folder. Two paths are in each other's way if their
// folded forms are the same. They are found by half of a hash of it, in 8 bytes each, and compared themselves: that
// two different ones have one hash costs a step more and nothing else.
type claims struct {
	seed  maphash.Seed
	mask  uint32   // of the hash; all ones, but in tests
	slots []uint64 // hash<<32 | 1 + who; 0: free. A power of two, at most four fifths of them taken
	count int
}

// Who has taken a path is file i of what was put, or folder ^i; ^0 is the root, which takes none.

func newClaims() claims {
	return claims{seed: maphash.MakeSeed(), mask: ^uint32(0), slots: make([]uint64, 64)}
}

// hash returns where to look for a folded path.
func (c *claims) hash(key string) uint32 { return uint32(maphash.String(c.seed, key)) & c.mask }

// find returns who has taken the folded path with this hash; pathOf tells their paths.
func (c *claims) find(key string, hash uint32, pathOf func(int32) string) (at int32, taken bool) {
	for k := c.first(hash); c.slots[k] != 0; k = c.after(k) {
		if uint32(c.slots[k]>>32) != hash {
			continue
		}
		at = int32(uint32(c.slots[k]) - 1)
		if p := pathOf(at); p == key || Fold(p) == key {
			return at, true
		}
	}
	return 0, false
}

func (c *claims) first(hash uint32) int { return int(hash) & (len(c.slots) - 1) }

func (c *claims) after(k int) int { return (k + 1) & (len(c.slots) - 1) }

// take notes who takes a path that find has not found.
func (c *claims) take(hash uint32, at int32) {
	if c.count++; 5*c.count > 4*len(c.slots) {
		old := c.slots
		c.slots = make([]uint64, 2*len(old))
		for _, s := range old {
			if s != 0 {
				c.put(s)
			}
		}
	}
	c.put(uint64(hash)<<32 | uint64(uint32(at+1)))
}

func (c *claims) put(slot uint64) {
	k := c.first(uint32(slot >> 32))
	for c.slots[k] != 0 {
		k = c.after(k)
	}
	c.slots[k] = slot
}

// claim takes the path for one file, and returns its row, which is the caller's to fill, and its folder.
func (tx *Tx) claim(f File) (*row, *folder, error) {
	if err := CheckPath(f.Path); err != nil {
		return nil, nil, err
	}
	key, media := Fold(f.Path), MediaType(f.Path)
	hash := tx.claims.hash(key)
	tx.mu.Lock()
	defer tx.mu.Unlock()
	if tx.done {
		panic("output: Put after the end of the transaction")
	}
	if at, taken := tx.claims.find(key, hash, tx.claimant); taken {
		if as := tx.claimant(at); at < 0 {
			return nil, nil, &PathError{Why: FileAndFolder, With: f.Path, Path: as + "/"}
		} else {
			return nil, nil, twoFiles(as, f.Path)
		}
	}
	path, err := tx.put.write(f.Path)
	if err != nil {
		return nil, nil, err
	}
	d, err := tx.folder(folderOf(f.Path), path)
	if err != nil {
		return nil, nil, err
	}
	i, r := tx.put.add(path)
	tx.claims.take(hash, int32(i))
	r.class = f.Class
	r.media, err = tx.put.media(media)
	return r, d, err
}

// claimant returns the path of a file that was put, or of a folder.
func (tx *Tx) claimant(at int32) string {
	if at < 0 {
		return tx.pathOf(tx.folders[^at])
	}
	return tx.put.Path(int(at))
}

func (tx *Tx) pathOf(d *folder) string {
	if d.path.len == 0 {
		return ""
	}
	return tx.put.text(d.path)
}

// claimed returns which file was put that has the folded path.
func (tx *Tx) claimed(key string) (i int, ok bool) {
	at, ok := tx.claims.find(key, tx.claims.hash(key), tx.claimant)
	return int(at), ok && at >= 0
}

// putAt returns which file was put at path.
func (tx *Tx) putAt(path string) (i int, ok bool) {
	i, ok = tx.claimed(Fold(path))
	return i, ok && tx.put.Path(i) == path
}

// folderAt returns the folder of the new site at path, or nil.
func (tx *Tx) folderAt(path string) *folder {
	if path == "" {
		return tx.folders[0]
	}
	key := Fold(path)
	at, ok := tx.claims.find(key, tx.claims.hash(key), tx.claimant)
	if !ok || at >= 0 || tx.claimant(at) != path {
		return nil
	}
	return tx.folders[^at]
}

// twoFiles is the same error whichever came first.
func twoFiles(a, b string) error {
	if a == b {
		return &PathError{Why: Twice, Path: a}
	}
	return &PathError{Why: Alike, With: min(a, b), Path: max(a, b)}
}

// folder returns the folder at path, which a file of the new site needs; the path is the beginning of what lies at in
// put. tx.mu is held, or nobody else is there.
func (tx *Tx) folder(path string, in span) (*folder, error) {
	if path == "" {
		return tx.folders[0], nil
	}
	key := Fold(path)
	hash := tx.claims.hash(key)
	at, taken := tx.claims.find(key, hash, tx.claimant)
	if taken && at < 0 && tx.claimant(at) == path {
		d := tx.folders[^at]
		return d, tx.bad[d]
	}
	up, err := tx.folder(folderOf(path), in)
	switch {
	case err != nil:
		return nil, err
	case taken && at >= 0:
		return nil, &PathError{Why: FileAndFolder, With: tx.claimant(at), Path: path + "/"}
	case taken:
		return nil, twoFiles(tx.claimant(at)+"/", path+"/")
	}
	d := &folder{path: span{in.part, in.at, uint16(len(path))}, up: up}
	if up.disk == present {
		if d.disk, err = tx.standing(path); err != nil {
			tx.bad[d] = err
		}
	}
	tx.claims.take(hash, ^int32(len(tx.folders)))
	tx.folders = append(tx.folders, d)
	return d, err
}
