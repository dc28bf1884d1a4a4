package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKeysOfManual does what the manual says of keys: a new pair signs the manifest anew without sending pages, what the old one
// signed is no more gone back to, and a manifest whose serial was raised is repaired.
func TestKeysOfManual(t *testing.T) {
	t.Parallel()
	dir, run := newSmallSite(t, "{dir: live, key: KEY}")
	keys := t.TempDir()
	settings := func(from, to string) {
		t.Helper()
		name := filepath.Join(dir, "site.yaml")
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(name, []byte(strings.Replace(string(text), from, to, 1)), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var public [2]string
	for i, name := range []string{"a.pem", "b.pem"} {
		out, err := run(nil, "zhendi key "+filepath.Join(keys, name))
		if err != nil {
			t.Fatal(out)
		}
		line, _, _ := strings.Cut(out, "\n")
		public[i] = strings.TrimPrefix(line, "key: ")
	}
	key := func(name string) []string { return []string{"ZHENDI_SIGN_KEY_FILE=" + filepath.Join(keys, name)} }
	expect := func(env []string, script string, ok bool, want ...string) {
		t.Helper()
		out, err := run(env, script)
		if (err == nil) != ok {
			t.Errorf("%s: %v\n%s", script, err, out)
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s does not say %s:\n%s", script, w, out)
			}
		}
	}
	settings("KEY", public[0])
	expect(key("a.pem"), "zhendi publish && zhendi verify", true, "以签名的清单为准", "差别 0 处")
	settings("正式的网址", "网站的正式网址") // any change
	if out, err := run(nil, "sed -i s/云岫市/泠溪市/ site.yaml && zhendi build --serial 11"); err != nil {
		t.Fatal(out)
	}
	expect(key("a.pem"), "zhendi publish && zhendi rollback --dry-run", true, "计划：")
	settings(public[0], public[1])
	expect(key("a.pem"), "zhendi publish", false, "不发布：私钥与 site.yaml 里的公钥（targets.www.key）不是一对", "把 key 改成 "+public[0])
	expect(key("a.pem"), "zhendi rollback --to 10", false, "不是一对")
	expect(nil, "zhendi publish", false, "不发布：site.yaml 里有公钥（targets.www.key），却没有私钥", "ZHENDI_SIGN_KEY_FILE")
	expect(nil, "zhendi verify", false, "清单不可信")
	for _, env := range [][]string{nil, key("a.pem")} {
		expect(env, "cp live/_site/manifest.txt was && zhendi verify --repair", false, "targets.www.key")
		expect(nil, "cmp was live/_site/manifest.txt", true)
	}
	expect(key("b.pem"), "zhendi publish && zhendi verify", true, "计划：上传 0 个文件", "以签名的清单为准", "差别 0 处")
	expect(key("b.pem"), "zhendi rollback --to 10", false)
	expect(nil, "sed -i 's/^# serial: 11$/# serial: 99999999999/' live/_site/manifest.txt && zhendi verify", false, "清单不可信")
	expect(key("b.pem"), "zhendi publish", false, "线上的网站更新")
	expect(key("b.pem"), "zhendi verify --repair && zhendi verify && zhendi publish", true, "差别 0 处", "没有变化")
}
