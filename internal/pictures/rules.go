package pictures

import "zhendi/internal/diag"

var (
	ruleKind = diag.Rule{ID: "picture",
		ZH: "“%[1]s”不是可用的图片：%[2]s", EN: "%[1]q is no picture that can be published: %[2]s",
		FixZH: "用看图软件打开，另存为 JPEG 或 PNG 后替换", FixEN: "open it in a picture viewer, save it as JPEG or PNG and put that in its place"}
	ruleDamaged = diag.Rule{ID: "picture",
		ZH: "图片“%[1]s”不完整或已损坏：%[2]s", EN: "the picture %[1]q is damaged: %[2]s",
		FixZH: "找到原图重新导出，替换这个文件", FixEN: "export it again from the original and replace the file"}
	ruleLarge = diag.Rule{ID: "picture-size",
		ZH: "图片“%[1]s”有 %[2]d×%[3]d 像素，超过上限（%[4]d 百万像素，边长 30000）", EN: "the picture %[1]q has %[2]d×%[3]d pixels; %[4]d million, and 30000 a side, are allowed",
		FixZH: "先缩小到宽 4000 像素以内", FixEN: "scale it down to 4000 pixels wide or less"}
	ruleBytes = diag.Rule{ID: "picture-size",
		ZH: "图片“%[1]s”有 %[2]d MB，超过上限 %[3]d MB", EN: "the picture %[1]q has %[2]d MB; %[3]d MB are allowed",
		FixZH: "先缩小到宽 4000 像素以内，另存为 JPEG", FixEN: "scale it down to 4000 pixels wide or less and save it as JPEG"}
	ruleActive = diag.Rule{ID: "picture-active",
		ZH: "SVG 图片“%[1]s”里有%[2]s，不能发布", EN: "the SVG picture %[1]q has %[2]s in it and is not published",
		FixZH: "从制图软件导出“纯 SVG”，或导出为 PNG", FixEN: "export it as plain SVG, or as PNG"}
	ruleNamed = diag.Rule{ID: "picture-name", Severity: diag.Warning,
		ZH: "图片“%[1]s”其实是 %[2]s", EN: "the picture %[1]q is %[2]s in fact",
		FixZH: "把扩展名改为 %[3]s，引用处同改", FixEN: "change its extension to %[3]s, there and where it is used"}
	rulePlain = diag.Rule{ID: "picture-plain", Severity: diag.Warning,
		ZH: "图片“%[1]s”的编码少见，不能缩放，手机读者也要下载原图：%[2]s", EN: "the picture %[1]q is of an unusual kind and cannot be resized; telephones, too, get all of it: %[2]s",
		FixZH: "用看图软件另存一次", FixEN: "save it again with a picture viewer"}
)

func (p *Picture) problem(r *diag.Rule, args ...any) *diag.Problem {
	pr := r.At(diag.Pos{}, args...)
	return &pr
}

func (p *Picture) damaged(zh, en string) *diag.Problem {
	return p.problem(&ruleDamaged, p.name, diag.T(zh, en))
}

// short is the problem of a file that ends too early.
func (p *Picture) short() *diag.Problem {
	return p.damaged("文件在中途结束，可能没有传完", "the file ends too early; perhaps it was not copied whole")
}
