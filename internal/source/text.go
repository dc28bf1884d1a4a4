package source

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"zhendi/internal/diag"
)

// MaxText is the largest text file that is read, in bytes.
const MaxText = 16 << 20

var (
	ruleGBK = diag.Rule{ID: "encoding",
		ZH: "文件不是 UTF-8 编码，看来是 GBK（这一行应是“%[1]s”）", EN: "the file is not UTF-8 but, it seems, GBK (this line reads %[1]q)",
		FixZH: "在编辑器里“另存为”，编码选 UTF-8", FixEN: "save it as UTF-8 in your editor"}
	ruleUTF16 = diag.Rule{ID: "encoding",
		ZH: "文件是 UTF-16 编码（记事本里叫“Unicode”），不是 UTF-8", EN: "the file is UTF-16, not UTF-8",
		FixZH: "在编辑器里“另存为”，编码选 UTF-8", FixEN: "save it as UTF-8 in your editor"}
	ruleNotUTF8 = diag.Rule{ID: "encoding",
		ZH: "这里的字节不是 UTF-8 文字", EN: "bytes that are not UTF-8 text",
		FixZH: "删去乱码，用 UTF-8 保存文件", FixEN: "delete the damaged characters and save as UTF-8"}
	ruleNUL = diag.Rule{ID: "encoding",
		ZH: "文字里有空字节（NUL），文件可能已损坏", EN: "a NUL byte in the text; the file may be damaged",
		FixZH: "从备份恢复，或删去这个字符", FixEN: "restore the file or delete the character"}
	ruleTooLarge = diag.Rule{ID: "too-large",
		ZH: "文件有 %[1]d MB，超过文字文件的上限 %[2]d MB", EN: "the file has %[1]d MB, more than the %[2]d MB a text may have",
		FixZH: "拆成几篇，图片等另存为文件", FixEN: "split it; keep pictures in files of their own"}
)

// Text checks that raw is UTF-8 text and returns it without byte order mark and with
// \n line ends. ok is false if it cannot be used; the problems say why. path is for the problems.
func Text(path string, raw []byte) (text []byte, problems diag.List, ok bool) {
	if len(raw) > MaxText {
		return nil, diag.List{ruleTooLarge.At(diag.Pos{File: path}, len(raw)>>20, MaxText>>20)}, false
	}
	if bytes.HasPrefix(raw, []byte("\xff\xfe")) || bytes.HasPrefix(raw, []byte("\xfe\xff")) {
		return nil, diag.List{ruleUTF16.At(diag.Pos{File: path, Line: 1})}, false
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(raw, '\r') >= 0 {
		raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
		raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	}
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		return nil, diag.List{ruleNUL.At(place(path, raw, i))}, false
	}
	if !utf8.Valid(raw) {
		return nil, diag.List{notUTF8(path, raw)}, false
	}
	return raw, nil, true
}

// notUTF8 explains the first damaged place.
func notUTF8(path string, raw []byte) diag.Problem {
	i := 0
	for i < len(raw) {
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	pos := place(path, raw, i)
	start := bytes.LastIndexByte(raw[:i], '\n') + 1
	line, _, _ := bytes.Cut(raw[start:], []byte("\n"))
	if s, ok := gbk(raw, line); ok {
		return ruleGBK.At(diag.Pos{File: path, Line: pos.Line}, s)
	}
	return ruleNotUTF8.At(pos)
}

// gbk decodes line as GB 18030 if the whole file makes sense as such: it
// decodes without loss and most of what is not ASCII is Han or Chinese punctuation.
func gbk(raw, line []byte) (string, bool) {
	dec := simplifiedchinese.GB18030.NewDecoder()
	all, err := dec.Bytes(raw)
	if err != nil || bytes.ContainsRune(all, utf8.RuneError) {
		return "", false
	}
	han, other := 0, 0
	for _, r := range string(all) {
		switch {
		case r < 0x80:
		case unicode.Is(unicode.Han, r), r >= 0x2010 && r <= 0x2026, r >= 0x3000 && r <= 0x3020, r >= 0xff00 && r <= 0xff5e:
			han++
		default:
			other++
		}
	}
	if han < 4*other || han == 0 {
		return "", false
	}
	s, err := dec.Bytes(line)
	return string(bytes.TrimSpace(s)), err == nil
}

// place turns a byte offset into line and column.
func place(path string, raw []byte, i int) diag.Pos {
	start := bytes.LastIndexByte(raw[:i], '\n') + 1
	return diag.Pos{File: path, Line: 1 + bytes.Count(raw[:i], []byte("\n")), Col: 1 + utf8.RuneCount(raw[start:i])}
}
