package pictures

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"sync"
	"sync/atomic"

	"zhendi/internal/cache"
	"zhendi/internal/diag"
)

// Cache keeps what Make made in a folder: for each picture a small file with what pages say of it, named by Key, and
// one with the bodies. It is a hint: what is missing, damaged or of another version of zhendi is made anew, so that the
// folder can be deleted at any time. It may be used from several goroutines and by several processes.
type Cache struct {
	dir  string
	used sync.Map   // names of files
	big  sync.Mutex // held while a large picture is decoded: one at a time
	made atomic.Int64
}

// large is how many pixels a picture has that is decoded while no other such is: about a camera's.
const large = 1 << 24

// NewCache returns the cache in folder dir, which is made when the first picture is.
func NewCache(dir string) *Cache { return &Cache{dir: dir} }

// Made is how many pictures were decoded and resized.
func (c *Cache) Made() int { return int(c.made.Load()) }

// Known is what Make returned for a picture whose bytes have this SHA-256, without bodies: Set.Upright and those of versions are
// empty, but not nil where there is one. It is enough to write a page.
func (c *Cache) Known(sum cache.Sum) (Set, bool) { return c.read(Key(sum), false) }

// Set is what p.Make returns, made now or before.
func (c *Cache) Set(p *Picture) (Set, *diag.Problem) {
	key := Key(p.Sum())
	if set, ok := c.read(key, true); ok {
		return set, nil
	}
	if p.Width*p.Height > large {
		c.big.Lock()
		defer c.big.Unlock()
	}
	set, problem := p.Make()
	if p.resizable() {
		c.made.Add(1)
	}
	if problem == nil {
		c.write(key, set)
	}
	return set, problem
}

// Keep saves a picture from Prune.
func (c *Cache) Keep(sum cache.Sum) { c.use(Key(sum)) }

func (c *Cache) use(key string) {
	c.used.Store(key, true)
	c.used.Store(key+bodiesExt, true)
}

const bodiesExt = ".versions"

// sum is the key of the files of a picture: of all that determines what is in them.
func sum(key string) cache.Sum {
	return sha256.Sum256([]byte(runtime.Version() + "\n" + settings + "\n" + key))
}

func (c *Cache) read(key string, bodies bool) (set Set, ok bool) {
	c.use(key)
	facts, ok := cache.Read(filepath.Join(c.dir, key), sum(key))
	if !ok {
		return set, false
	}
	d := cache.Decoder{Rest: facts}
	set = Set{Format: Format(d.Uint()), Width: int(d.Uint()), Height: int(d.Uint()), Plain: d.String()}
	var lengths []int
	if n := int(d.Uint()); n > 0 {
		set.Upright = []byte{}
		lengths = append(lengths, n)
	}
	for range d.Len(4) {
		v := Version{Width: int(d.Uint()), Height: int(d.Uint()), Ext: d.String(), Body: []byte{}}
		lengths = append(lengths, int(d.Uint()))
		set.Versions = append(set.Versions, v)
	}
	if d.Err() != nil || set.Format == Unknown || int(set.Format) >= len(formats) {
		return set, false
	}
	if !bodies || len(lengths) == 0 {
		return set, true
	}
	all, ok := cache.Read(filepath.Join(c.dir, key+bodiesExt), sum(key))
	d = cache.Decoder{Rest: all}
	if set.Upright != nil {
		set.Upright = []byte(d.Bytes(lengths[0]))
		lengths = lengths[1:]
	}
	for i := range set.Versions {
		set.Versions[i].Body = []byte(d.Bytes(lengths[i]))
	}
	return set, ok && d.Err() == nil && d.Rest == ""
}

// write keeps a set. What goes wrong only costs time: the set is made again.
func (c *Cache) write(key string, set Set) {
	var facts, all cache.Encoder
	facts.Uint(uint64(set.Format))
	facts.Uint(uint64(set.Width))
	facts.Uint(uint64(set.Height))
	facts.String(set.Plain)
	facts.Uint(uint64(len(set.Upright)))
	all.Bytes(set.Upright)
	facts.Uint(uint64(len(set.Versions)))
	for _, v := range set.Versions {
		facts.Uint(uint64(v.Width))
		facts.Uint(uint64(v.Height))
		facts.String(v.Ext)
		facts.Uint(uint64(len(v.Body)))
		all.Bytes(v.Body)
	}
	if len(all) > 0 && cache.Write(filepath.Join(c.dir, key+bodiesExt), sum(key), all) != nil {
		return
	}
	cache.Write(filepath.Join(c.dir, key), sum(key), facts)
}

var ours = regexp.MustCompile(`^[a-z2-7]{52}(\.versions)?(-[0-9]+\.tmp)?$`)

// Prune deletes what nobody has asked for since NewCache, so that the folder does not grow beyond what the site shows.
func (c *Cache) Prune() {
	list, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	for _, f := range list {
		if _, used := c.used.Load(f.Name()); !used && ours.MatchString(f.Name()) {
			os.Remove(filepath.Join(c.dir, f.Name()))
		}
	}
}
