package article

import (
	"strings"
	"testing"
)

// one renders a text of one part, and fails on problems unless they are expected.
func one(t *testing.T, text string) string {
	t.Helper()
	body, problems := Render(Source{File: "a.md", Line: 1, Text: []byte(text)}, Options{})
	for _, p := range problems {
		t.Errorf("%s: %s", p.Pos, p.Message(1))
	}
	return strings.Join(body.Parts, "")
}

func TestEmphasisBesideChineseMarks(t *testing.T) {
	for text, want := range map[string]string{
		`**“强基”**工作`:            `<strong>“强基”</strong>工作`,
		`**真。**她`:               `<strong>真。</strong>她`,
		`推进**“两学一做”**App`:       `推进<strong>“两学一做”</strong>App`,
		`**“强基”**2.0版`:          `<strong>“强基”</strong>2.0版`,
		`坚持**（一）**不动摇`:          `坚持<strong>（一）</strong>不动摇`,
		`**《条例》**规定，**《办法》**明确`: `<strong>《条例》</strong>规定，<strong>《办法》</strong>明确`,
		`他说**——是的——**我们`:        `他说<strong>——是的——</strong>我们`,
		`*重点：*落实`:               `<em>重点：</em>落实`,
		`***“三会一课”***制度`:        `<em><strong>“三会一课”</strong></em>制度`,
		`~~“旧”~~新`:              `<del>“旧”</del>新`,
		`~~旧。~~新`:               `<del>旧。</del>新`,
		`**葛󠄀**城`:               `<strong>葛󠄀</strong>城`,
		`**カタカナ。**です`:           `<strong>カタカナ。</strong>です`,
		`**한국어.**입니다`:           `<strong>한국어.</strong>입니다`,
		`3~5天，7~8月，63%~68%`:     `3~5天，7~8月，63%~68%`,
		`~3~ 与 ~~~~ 与 a~~~b`:    `~3~ 与 ~~~~ 与 a~~~b`,
		`电话_0561_3198000`:       `电话_0561_3198000`,
		`2 * 3 * 4`:             `2 * 3 * 4`,
		`**🎉恭喜！**大家`:            `<strong>🎉恭喜！</strong>大家`,
		`(答案:) *`:               `(答案:) *`,
		`**注意**：一是**“学”**，二是**“做”**。`: `<strong>注意</strong>：一是<strong>“学”</strong>，二是<strong>“做”</strong>。`,
		`**[链接](https://a.cn)。**后文`:   `<strong><a href="https://a.cn">链接</a>。</strong>后文`,
		"**`代码`**文":                   "<strong><code>代码</code></strong>文",
	} {
		if got := strings.TrimSuffix(strings.TrimPrefix(one(t, text+"\n"), "<p>"), "</p>\n"); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
		}
	}
}

func TestSoftBreakLeavesNoSpaceInChinese(t *testing.T) {
	for text, want := range map[string]string{
		"第一行\n第二行":                "第一行第二行",
		"“强基”\n工作":                "“强基”工作",
		"工作\n“强基”":                "工作“强基”",
		"党建\nApp":                 "党建App",
		"党的“App”\nBeta":           "党的“App”\nBeta",
		"党的“工作”\nApp":             "党的“工作”App",
		"Hello,\nworld":           "Hello,\nworld",
		"say “hi”\nagain":         "say “hi”\nagain",
		"**强**\n中":                "<strong>强</strong>中",
		"中\n**强**":                "中<strong>强</strong>",
		"**a**\nb":                "<strong>a</strong>\nb",
		"中[^1]\n文\n\n[^1]: 注":     "",
		"한국어\n문장":                 "한국어\n문장",
		"第一行  \n第二行":              "第一行<br>\n第二行",
		"[链\n接](https://a.cn)\n尾": `<a href="https://a.cn">链接</a>尾`,
		"[甲\n](https://a.cn)乙":    `<a href="https://a.cn">甲</a>乙`,
	} {
		if want == "" {
			one(t, text+"\n")
			continue
		}
		if got := strings.TrimSuffix(strings.TrimPrefix(one(t, text+"\n"), "<p>"), "</p>\n"); got != want {
			t.Errorf("%q\ngot  %q\nwant %q", text, got, want)
		}
	}
}
