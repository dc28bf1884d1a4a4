package hanzi

import "testing"

func TestNames(t *testing.T) {
	for _, c := range []struct{ config, in, want string }{
		{"s2tw", "于洋", "于洋"},
		{"s2tw", "于是之", "于是之"},
		{"s2tw", "于谦、范军 后小里；里发展", "于謙、范軍 后小裡；里發展"},
		{"s2tw", "本报记者后志发", "本報記者后志發"},
		{"s2tw", "本报记者 于洋 通讯员范伟国", "本報記者 于洋 通訊員范偉國"},
		{"s2twp", "张文件", "張文件"},
		{"s2tw", "钟国栋", "鍾國棟"},
		{"s2tw", "欧阳后发", "歐陽後發"},
		{"s2tw", "党办、后勤处、机关党委", "黨辦、後勤處、機關黨委"},
		{"s2tw", "新华社", "新華社"},
		{"s2tw", "王云", "王雲"},
		{"t2s", "於洋、張乾、機關黨委", "于洋、张乾、机关党委"},
		{"tw2s", "記者張裡", "记者张里"},
		{"s2tw", "", ""},
		{"s2tw", "John Smith", "John Smith"},
	} {
		if got := mustNew(t, c.config).Name(c.in); got != c.want {
			t.Errorf("%s: %q: got %q, want %q", c.config, c.in, got, c.want)
		}
	}
	c, err := New("s2tw", &Terms{Protect: []string{"王云"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Name("王云、李云"); got != "王云、李雲" {
		t.Errorf("got %q", got)
	}
}
