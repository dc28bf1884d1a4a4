package article

import (
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	raw "unsafe"
)

// filler gives every field a value of its own.
type filler struct{ n int }

func (f *filler) value(v reflect.Value, depth int) {
	f.n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("文字%d", f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32:
		v.SetInt(int64(f.n * (1 - f.n%2*2)))
	case reflect.Uint8, reflect.Uint32:
		v.SetUint(uint64(f.n))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), f.n%3+1, f.n%3+1))
		for i := range v.Len() {
			f.value(v.Index(i), depth)
		}
	case reflect.Array:
		for i := range v.Len() {
			f.value(v.Index(i), depth)
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf(map[string]any{"": nil, "文": "字", "真": true, "假": false, "数": -7, "小数": 0.1, "列": []any{"甲", []any{}, map[string]any{}, 1 << 40}}))
	case reflect.Pointer:
		if depth > 1 {
			return // the twin of a twin
		}
		v.Set(reflect.New(v.Type().Elem()))
		f.fields(v.Elem(), depth)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(int64(f.n)*1e6, int64(f.n)).UTC()))
			return
		}
		f.fields(v, depth)
	default:
		panic("no value for " + v.Type().String())
	}
}

func (f *filler) fields(v reflect.Value, depth int) {
	for i := range v.NumField() {
		next := depth
		if v.Type().Field(i).Name == "Twin" {
			next++
		}
		at := v.Field(i)
		f.value(reflect.NewAt(at.Type(), raw.Pointer(at.UnsafeAddr())).Elem(), next)
	}
}

func filled() *Article {
	a := &Article{}
	f := filler{}
	f.fields(reflect.ValueOf(a).Elem(), 0)
	return a
}

// record is an article's: the entry, then the texts.
func record(b []byte, a *Article) []byte { return a.AppendTexts(a.Entry.Append(b)) }

// decode reads one.
func decode(path, s string) (*Article, string, error) {
	e := &Entry{Path: path}
	rest, err := e.Decode(s, nil)
	if err != nil {
		return nil, "", err
	}
	return e.Whole(rest)
}

func TestRecordsHoldEveryField(t *testing.T) {
	a := filled()
	if a.WithdrawnNotice == "" || a.noteLang == "" {
		t.Fatal("the test fills too little")
	}
	a.Twin = nil
	got, rest, err := decode(a.Path, string(record([]byte("x"), a))[1:]+"rest")
	if err != nil || rest != "rest" {
		t.Fatal(err, rest)
	}
	if !reflect.DeepEqual(got, a) {
		t.Errorf("read back as\n%+v %+v\nwritten\n%+v %+v", got, got.Rare, a, a.Rare)
	}
	empty := &Article{Entry: Entry{Rare: &Rare{}}}
	if got, _, err = decode("", string(record(nil, empty))); err != nil || !reflect.DeepEqual(got, empty) || got.Rare != none {
		t.Errorf("%v: the empty article is read back as %+v", err, got)
	}
}

// Entries that lie side by side are what they were, and adding to the list of one leaves the next alone.
func TestPack(t *testing.T) {
	a := filled()
	a.Twin = nil
	var list []*Entry
	for i := range 3 * listsInRoom {
		e := a.Entry
		e.Path, e.Tags = fmt.Sprintf("content/yw/%d.md", i), make([]string, i%5)
		for k := range e.Tags {
			e.Tags[k] = fmt.Sprint(i, k)
		}
		if len(e.Tags) == 0 {
			e.Tags = nil
		}
		list = append(list, &e)
	}
	list[7].Tags = slices.Repeat([]string{"x"}, 2*listsInRoom)
	packed := Pack(list)
	for i := range packed {
		_ = append(packed[i].Tags, "not mine")
	}
	for i, e := range list {
		if !reflect.DeepEqual(&packed[i], e) {
			t.Fatalf("%d: packed\n%+v\nwas\n%+v", i, packed[i], *e)
		}
	}
	if len(Pack(nil)) != 0 {
		t.Error("nothing gives something")
	}
}

// A field of Rare that orNone or says forgets would be lost.
func TestEveryFieldIsSeen(t *testing.T) {
	all := reflect.ValueOf(filled().Rare).Elem()
	for i := range all.NumField() {
		var r Rare
		at := reflect.ValueOf(&r).Elem().Field(i)
		reflect.NewAt(at.Type(), raw.Pointer(at.UnsafeAddr())).Elem().Set(reflect.NewAt(at.Type(), raw.Pointer(all.Field(i).UnsafeAddr())).Elem())
		if r.orNone() != &r {
			t.Errorf("an article of which only %s is set loses it", all.Type().Field(i).Name)
		}
	}
}

func TestEntriesAreSmall(t *testing.T) {
	if n := raw.Sizeof(Entry{}); n > 176 { // which is a size that the allocator has
		t.Errorf("an Entry has %d bytes", n)
	}
}

const sampleFront = "---\ntitle: 市直机关工委召开党建工作推进会\ndate: 2026-11-03 09:30\nsource: 云岫市机关党建网\nauthor: 张三\ntags: [主题教育, 基层治理, 乡村振兴]\n---\n"

func sample() File {
	return File{Path: "content/djgz/yw/2026-1103.md", Text: append([]byte(sampleFront), sampleText()...), Required: DefaultRequired}
}

// Rest is asked the same, in the same order, by an article and by its record.
func TestRestAsksTheSameOfARecord(t *testing.T) {
	asked := func(a *Article) (list []string) {
		note := func(kind string) func(string) string {
			return func(s string) string {
				if s == "" {
					t.Error("asked for an empty text")
				}
				list = append(list, kind+s)
				return s + kind
			}
		}
		out := a.Rest(note("t"), note("n"), note("e"))
		if out == a || out.Title == "" {
			t.Error("not what was converted")
		}
		return list
	}
	plain, problems := Parse(sample())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	twin, _ := ParseTwin(File{Path: "content/djgz/yw/2026-1103.zh-hant.md", Text: []byte("---\ntitle: 標題\nsummary: 摘要\n---\n正文\n")})
	twinned := *filled()
	twinned.Lang = "zh-Hans"
	twinned.SetTwin(twin)
	for _, a := range []*Article{plain, filled(), &twinned} {
		again, _, err := decode(a.Path, string(record(nil, a)))
		if err != nil {
			t.Fatal(err)
		}
		if a.Twin != nil { // the record is of the file alone
			again.SetTwin(a.Twin)
		}
		want, got := strings.Join(asked(a), "|"), strings.Join(asked(again), "|")
		if face := a.Face("zh-Hant"); want == "" || got != want || strings.Join(asked(face), "|") != strings.Join(asked(again.Face("zh-Hant")), "|") {
			t.Errorf("asked for\n%s\nand of the record\n%s", want, got)
		}
	}
}

func TestParseLeavesTheSharedRareEmpty(t *testing.T) {
	a, _ := Parse(sample())
	if a.Rare != none || !reflect.DeepEqual(*none, Rare{}) {
		t.Errorf("%+v", none)
	}
	a.SetTwin(a)
	if a.Twin == nil || none.Twin != nil {
		t.Error("SetTwin changed what others share")
	}
}

func TestDecodeRefusesWhatIsNoRecord(t *testing.T) {
	a := filled()
	a.Twin = nil
	isEntry := func(s string) bool { _, err := (&Entry{Path: a.Path}).Decode(s, nil); return err == nil }
	areTexts := func(s string) bool { _, _, err := a.Entry.Whole(s); return err == nil }
	for _, part := range []struct {
		whole string
		ok    func(string) bool
	}{{string(a.Entry.Append(nil)), isEntry}, {string(a.AppendTexts(nil)), areTexts}} {
		for n := range len(part.whole) {
			if part.ok(part.whole[:n]) {
				t.Errorf("the first %d of %d bytes are taken for a record", n, len(part.whole))
			}
			cut := []byte(part.whole[:n]) // the length is right, but fields are missing
			if n >= 4 {
				binary.LittleEndian.PutUint32(cut, uint32(n-4))
				if part.ok(string(cut)) {
					t.Errorf("%d bytes cut short are taken for a record", n)
				}
			}
		}
		longer := append([]byte(part.whole), 0)
		binary.LittleEndian.PutUint32(longer, uint32(len(longer)-4))
		if part.ok(string(longer)) {
			t.Error("a byte too many goes unseen")
		}
	}
}

func FuzzDecode(f *testing.F) {
	a := filled()
	a.Twin = nil
	f.Add(string(record(nil, a)))
	f.Add(string(record(nil, a))[4:])
	f.Add(string(a.AppendTexts(nil)))
	f.Add(string(record([]byte{}, &Article{Entry: Entry{Rare: &Rare{Params: []any{1, "a"}}}})))
	if p, _ := Parse(sample()); p != nil {
		f.Add(string(record(nil, p)) + "rest")
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkDecode(t, s)
		checkDecode(t, string(binary.LittleEndian.AppendUint32(nil, uint32(len(s))))+s) // the inside of a record
	})
}

func checkDecode(t *testing.T, s string) {
	const path = "content/djgz/yw/2026-1103.md"
	e := &Entry{Path: path}
	rest, err := e.Decode(s, nil)
	if err != nil {
		e, rest = &Entry{Path: path, Rare: none}, s
	}
	if !strings.HasSuffix(s, rest) {
		t.Error("the rest is no end of the input")
	}
	a, rest, err := e.Whole(rest)
	if err != nil {
		return
	}
	if !strings.HasSuffix(s, rest) {
		t.Error("the rest is no end of the input")
	}
	once := string(record(nil, a))
	again, _, err := decode(path, once)
	if err != nil || string(record(nil, again)) != once {
		t.Errorf("%v: what was read is not what is written\n%+v\n%+v", err, a, again)
	}
}

func BenchmarkParse(b *testing.B) {
	f := sample()
	b.SetBytes(int64(len(f.Text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, problems := Parse(f); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	a, _ := Parse(sample())
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = record(buf[:0], a)
	}
}

func BenchmarkDecodeEntry(b *testing.B) {
	a, _ := Parse(sample())
	s := string(a.Entry.Append(nil))
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (&Entry{Path: a.Path}).Decode(s, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRestReplayed gives what was converted before.
func BenchmarkRestReplayed(b *testing.B) {
	a, _ := Parse(sample())
	same := func(s string) string { return s }
	b.ReportAllocs()
	for b.Loop() {
		a.Rest(same, same, same)
	}
}
