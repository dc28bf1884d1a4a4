package build

import (
	"errors"
	"path"
	"strings"

	"zhendi/internal/diag"
	"zhendi/internal/output"
	"zhendi/internal/site"
	"zhendi/internal/source"
)

var (
	ruleExtension = diag.Rule{ID: "file-name",
		ZH: "像是稿件，但扩展名不是 .md，不会读取", EN: "this seems to be an article, but its name does not end in .md",
		FixZH: "改名为 %[1]s", FixEN: "rename it %[1]s"}
	ruleCase = diag.Rule{ID: "file-name",
		ZH: "这个文件名要全用小写字母", EN: "this name must be in lower case",
		FixZH: "改名为 %[1]s", FixEN: "rename it %[1]s"}
	ruleBadName = diag.Rule{ID: "file-name",
		ZH: "名称“%[1]s”不能用作网址，或不能存在 Windows 上", EN: "the name %[1]q cannot be that of a page or of a file on Windows: %[2]s",
		FixZH: `改名：不用 \ : * ? " < > | 与控制字符，不以点或空格结尾，不用 con、nul 等设备名，不超过 255 字节`, FixEN: `rename it: without \ : * ? " < > | and control characters, not ending in a dot or blank, not con, nul or another device, at most 255 bytes`}
	ruleColumnInBundle = diag.Rule{ID: "bundle",
		ZH: "文件夹里有 index.md，是一篇稿件，不能又是栏目", EN: "a folder with index.md is an article and cannot be a column too",
		FixZH: "删去 _index.md；如是栏目，把 index.md 改名", FixEN: "delete _index.md; if it is a column, rename index.md"}
)

// misnamed returns what is wrong with the name of a file of content: an article that would not be
// taken for one, or a name that cannot be published everywhere.
func misnamed(f source.File) (diag.Problem, bool) {
	rel := strings.TrimPrefix(f.Path, "content/")
	base := path.Base(rel)
	lower := strings.ToLower(base)
	stem := strings.TrimSuffix(base, path.Ext(base))
	pos := diag.Pos{File: f.Path}
	static := strings.HasPrefix(rel, site.StaticDir+"/")
	switch {
	case static:
	case lower == "index.md" && base != lower, lower == "_index.md" && base != lower:
		return ruleCase.At(pos, lower), true
	case strings.HasSuffix(lower, ".md.txt"):
		return ruleExtension.At(pos, stem), true
	case lower != base && strings.HasSuffix(lower, ".md") && path.Ext(base) != ".md",
		strings.HasSuffix(lower, ".markdown"), strings.HasSuffix(lower, ".mdown"), strings.HasSuffix(lower, ".mkd"):
		return ruleExtension.At(pos, stem+".md"), true
	}
	var pe *output.PathError
	if err := output.CheckPath(strings.TrimPrefix(rel, site.StaticDir+"/")); errors.As(err, &pe) {
		for name := range strings.SplitSeq(pe.Path, "/") {
			if part := pe; errors.As(output.CheckPath("x/"+name), &part) {
				return ruleBadName.At(pos, name, part.Detail), true
			}
		}
		return ruleBadName.At(pos, pe.Path, pe.Detail), true
	}
	return diag.Problem{}, false
}
