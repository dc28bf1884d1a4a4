package views

import (
	"zhendi/internal/diag"
)

// Error is why counting could not be done, in both languages, and what to do.
type Error struct {
	Text, Hint diag.Text
	Err        error // the cause, if there is one

	noFormat bool // a log is of no format that is known
}

// Error returns the English text.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Text.EN + ": " + e.Err.Error()
	}
	return e.Text.EN
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// In returns the message in language l, with the cause.
func (e *Error) In(l diag.Lang) string {
	s := e.Text.In(l)
	if e.Err != nil {
		s += diag.T("：", ": ").In(l) + e.Err.Error()
	}
	return s
}

func damaged(what diag.Text, file string) *Error {
	return &Error{
		Text: diag.T("账本损坏："+file+" "+what.ZH, "the ledger is damaged: "+file+" "+what.EN),
		Hint: diag.T("从备份恢复整个账本文件夹；或用 zhendi views ingest --recount 日期 日志… 重新统计这一天。损坏的部分不会当作零", "restore the ledger's folder from a backup, or count the day anew: zhendi views ingest --recount DAY LOG…; what is damaged is never taken for zero"),
	}
}
