package publish

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"zhendi/internal/diag"
	"zhendi/internal/output"
)

// Fault is what a verification finds wrong with an object.
type Fault string

// The faults.
const (
	IsMissing   Fault = "missing"
	IsChanged   Fault = "changed"
	IsAdded     Fault = "added"
	WrongHeader Fault = "header"
	BadManifest Fault = "manifest" // not the one that was signed or built
)

// Finding is one fault.
type Finding struct {
	Path   string
	Fault  Fault
	Detail diag.Text // empty where the fault says it all
}

// MarshalJSON gives programs the detail in English.
func (f Finding) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Path   string `json:"path"`
		Fault  Fault  `json:"fault"`
		Detail string `json:"detail,omitempty"`
	}{f.Path, f.Fault, f.Detail.EN})
}

// sizes says how long a file is and should be.
func sizes(is, should int64) diag.Text {
	return diag.T(fmt.Sprintf("%d 字节，应为 %d 字节", is, should), fmt.Sprintf("%d bytes, should be %d", is, should))
}

// same is a detail that is no sentence of either language.
func same(s string) diag.Text { return diag.T(s, s) }

// Report is what a verification says.
type Report struct {
	Where    string      `json:"where"`
	Serial   int64       `json:"serial"`
	Files    int         `json:"files"` // that should be there
	Listed   int         `json:"listed"`
	Read     int         `json:"read"` // read in full
	Full     bool        `json:"full"` // every file was
	Against  string      `json:"against"`
	Signed   bool        `json:"signed"` // and the signature is right
	Seed     uint64      `json:"seed,omitempty"`
	Findings []Finding   `json:"findings"`
	Repaired []string    `json:"repaired,omitempty"`
	Notes    []diag.Text `json:"-"`

	manifest *output.Manifest // what was compared with
	etags    [2]string        // of manifest and inventory of the target: another publication changes them
}

// Verification says what is compared with what.
type Verification struct {
	Target   *Target           // a published target,
	Dir      string            // or a folder on disk, against its own manifest
	URL      string            // or a site as readers see it
	Out      string            // the build, if there is one
	Public   ed25519.PublicKey // manifests must be signed with it; nil: need not be
	Full     bool              // read every file
	Sample   int               // read this many, chosen by Seed
	Seed     uint64
	Patience Patience
	Progress func(done, total int)
}

// Verify compares what is live with its manifest.
func Verify(ctx context.Context, v Verification) (*Report, error) {
	if v.Patience == (Patience{}) {
		v.Patience = usual
	}
	if v.Progress == nil {
		v.Progress = func(int, int) {}
	}
	c := &comparison{Verification: v, Report: Report{Findings: []Finding{}, Full: v.Full}}
	var err error
	switch {
	case v.URL != "":
		err = c.byURL(ctx)
	case v.Dir != "":
		err = c.folder(ctx)
	default:
		err = c.target(ctx)
	}
	slices.SortFunc(c.Findings, func(a, b Finding) int { return strings.Compare(a.Path, b.Path) })
	return &c.Report, err
}

// comparison is a verification under way.
type comparison struct {
	Verification
	Report
	site      patient
	inventory *inventory

	mu   sync.Mutex
	done int
}

func (c *comparison) found(path string, f Fault, detail diag.Text) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Findings = append(c.Findings, Finding{path, f, detail})
}

func (c *comparison) note(zh, en string) { c.Notes = append(c.Notes, diag.T(zh, en)) }

// folder verifies a folder against the manifest in it.
func (c *comparison) folder(ctx context.Context) error {
	if _, err := os.Stat(c.Dir); err != nil {
		return err
	}
	c.site, c.Where, c.Report.Full = patient{Store: Dir(c.Dir), p: c.Patience}, c.Dir, true
	text, _, err := c.site.read(ctx, output.ManifestPath)
	if errors.Is(err, errNotFound) {
		return fmt.Errorf("there is no %s in %s", output.ManifestPath, c.Dir)
	}
	if err != nil {
		return err
	}
	if err := c.choose(text); err != nil {
		return err
	}
	c.inventory = &inventory{}
	return c.objects(ctx)
}

// target verifies what is published at a target.
func (c *comparison) target(ctx context.Context) error {
	t := c.Target
	c.site, c.Where = patient{Store: t.Site, p: c.Patience}, t.Site.String()
	private := patient{Store: t.Private, p: c.Patience}
	text, info, err := c.site.read(ctx, output.ManifestPath)
	if err != nil && !errors.Is(err, errNotFound) {
		return err
	}
	if err := c.choose(text); err != nil {
		return err
	}
	packed, kept, err := private.read(ctx, inventoryKey)
	c.etags = [2]string{info.ETag, kept.ETag}
	switch {
	case errors.Is(err, errNotFound):
		c.note("没有发布记录，列表只能核对大小", "there is no inventory: by listing, only sizes are compared")
		c.inventory = &inventory{}
	case err != nil:
		return err
	default:
		if c.inventory, err = decodeInventory(packed); err != nil {
			return err
		}
	}
	if _, ok := t.Site.(*dir); ok {
		c.Report.Full = true // a folder keeps no sums, and reading it costs little
	}
	return c.objects(ctx)
}

// choose decides which manifest is believed: the live one if it is signed with the right key; else that of the build,
// unless the two are of different serials, as after somebody else has published; else the live one, as it is.
func (c *comparison) choose(liveText []byte) error {
	text, sig := cutSignature(liveText)
	live, err := output.Parse(text)
	if liveText != nil && err != nil {
		c.found(output.ManifestPath, BadManifest, same(err.Error()))
	}
	if liveText == nil {
		c.found(output.ManifestPath, IsMissing, diag.Text{})
	}
	if err == nil && c.Public != nil && sig.valid(c.Public, text) {
		c.manifest, c.Against, c.Signed = live, "signed", true
		return nil
	}
	if err == nil && c.Public != nil {
		c.found(output.ManifestPath, BadManifest, diag.T("没有签名或签名不对", "the signature is missing or wrong"))
	}
	built, berr := c.built()
	if berr != nil {
		return berr
	}
	switch {
	case built != nil && (live == nil || live.Serial == built.Serial):
		c.manifest, c.Against = built, "build"
		if live != nil && string(text) != c.builtText() {
			c.found(output.ManifestPath, IsChanged, diag.T("与本机生成的不同", "it differs from that of the build"))
		}
	case live != nil:
		c.manifest, c.Against = live, "live"
		if c.Public == nil {
			c.note("线上清单没有签名，改了网页又改清单的人不会被发现。用 zhendi key 生成密钥", "the live manifest is not signed: who changes pages and manifest alike is not found out. zhendi key makes a key")
		}
	default:
		return errors.New("no manifest, neither there nor from a build: nothing to compare with")
	}
	return nil
}

// built reads the manifest of the build, nil if there is none.
func (c *comparison) built() (*output.Manifest, error) {
	text := c.builtText()
	if text == "" {
		return nil, nil
	}
	return output.Parse([]byte(text))
}

func (c *comparison) builtText() string {
	if c.Out == "" {
		return ""
	}
	b, err := os.ReadFile(filepath.Join(c.Out, filepath.FromSlash(output.ManifestPath)))
	if err != nil {
		return ""
	}
	text, _ := cutSignature(b)
	return string(text)
}

// objects lists what is there, compares it, and reads what must be read.
func (c *comparison) objects(ctx context.Context) error {
	c.Serial, c.Files = c.manifest.Serial, len(c.manifest.Files)
	there := make(map[string]Info, len(c.manifest.Files))
	if err := c.site.all(ctx, "", func(i Info) { there[i.Key] = i }); err != nil {
		return err
	}
	c.Listed = len(there)
	var unclear, clear []*output.Entry
	for i := range c.manifest.Files {
		e := &c.manifest.Files[i]
		info, ok := there[e.Path]
		switch {
		case !ok:
			c.found(e.Path, IsMissing, diag.Text{})
		case info.Size != e.Size:
			c.found(e.Path, IsChanged, sizes(info.Size, e.Size))
		case !c.listed(e, info):
			unclear = append(unclear, e)
		default:
			clear = append(clear, e)
		}
	}
	copies := c.copies(there)
	c.added(there)
	if err := c.contents(ctx, append(unclear, c.pick(clear)...)); err != nil {
		return err
	}
	return c.unpack(ctx, copies)
}

// listed compares an object with the inventory. False: what the listing says is not as it was when we wrote it, so that the object
// must be read.
func (c *comparison) listed(e *output.Entry, info Info) bool {
	rec, ok := c.inventory.find(e.Path)
	return !ok || info.ETag == "" || rec.etag == "" || rec.etag == info.ETag && rec.sum == e.Sum
}

// pick returns what is read of the files about which the listing leaves no doubt: all, a sample, or none.
func (c *comparison) pick(files []*output.Entry) []*output.Entry {
	switch {
	case c.Report.Full:
		return files
	case c.Sample == 0:
		return nil
	}
	c.Report.Seed = c.Verification.Seed
	r := rand.New(rand.NewPCG(c.Report.Seed, 1))
	r.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
	return files[:min(c.Sample, len(files))]
}

// copies compares compressed copies with the inventory, by size and ETag, and returns those that must be read.
func (c *comparison) copies(there map[string]Info) (read []copyOf) {
	for _, rec := range c.inventory.records {
		if _, ok := c.manifest.Find(rec.key); ok || rec.retired != 0 {
			continue
		}
		info, ok := there[rec.key]
		e, of := c.copied(rec.key)
		switch {
		case !ok:
			c.found(rec.key, IsMissing, diag.Text{})
		case info.Size != rec.size || info.ETag != "" && rec.etag != "" && info.ETag != rec.etag:
			c.found(rec.key, IsChanged, diag.Text{})
		case of && c.Report.Full:
			read = append(read, e)
		}
	}
	return read
}

// copyOf is a compressed copy and the file that it is of.
type copyOf struct {
	*output.Entry
	key, encoding string
}

func (c *comparison) copied(key string) (copyOf, bool) {
	for _, enc := range encodings {
		if path, ok := strings.CutSuffix(key, enc.ending); ok {
			e, ok := c.manifest.Find(path)
			return copyOf{&e, key, enc.name}, ok
		}
	}
	return copyOf{}, false
}

// unpack reads copies and compares what is in them with the manifest: a server sends a copy in place of the file.
func (c *comparison) unpack(ctx context.Context, copies []copyOf) error {
	return parallel(ctx, len(copies), workers, func(ctx context.Context, i int) error {
		e := copies[i]
		body, info, err := c.site.read(ctx, e.key)
		if errors.Is(err, errNotFound) {
			c.found(e.key, IsMissing, diag.Text{})
			return nil
		}
		if err != nil {
			return err
		}
		plain, err := decompress(body, e.encoding)
		switch {
		case err != nil || sha256.Sum256(plain) != e.Sum:
			c.found(e.key, IsChanged, diag.Text{})
		case info.Headers != Headers{} && !headersOf(e.Entry, e.encoding).same(info.Headers):
			c.found(e.key, WrongHeader, same(fmt.Sprintf("%s; %s; %s", info.Headers.Type, info.Headers.Cache, info.Headers.Encoding)))
		}
		return nil
	})
}

// added finds what neither we nor the settings know.
func (c *comparison) added(there map[string]Info) {
	t := c.Target
	if t == nil {
		t = &Target{}
	}
	for key := range there {
		_, listed := c.manifest.Find(key)
		if _, ours := c.inventory.find(key); !listed && !ours && key != output.ManifestPath && !t.kept(key) {
			c.found(key, IsAdded, diag.Text{})
		}
	}
}

// contents reads files in full, with their headers.
func (c *comparison) contents(ctx context.Context, read []*output.Entry) error {
	c.Read = len(read)
	return parallel(ctx, len(read), workers, func(ctx context.Context, i int) error {
		e := read[i]
		var h hash.Hash
		info, err := c.site.digest(ctx, e.Path, e.Size, func() io.Writer { h = sha256.New(); return h })
		switch {
		case errors.Is(err, errNotFound):
			c.found(e.Path, IsMissing, diag.Text{})
		case err != nil:
			return err
		case [32]byte(h.Sum(nil)) != e.Sum:
			c.found(e.Path, IsChanged, same("sha256 "+hex.EncodeToString(h.Sum(nil))))
		case info.Headers != Headers{} && !headersOf(e, "").same(info.Headers):
			c.found(e.Path, WrongHeader, same(fmt.Sprintf("%s; %s; %s", info.Headers.Type, info.Headers.Cache, info.Headers.Encoding)))
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.done++
		c.Progress(c.done, len(read))
		return nil
	})
}
