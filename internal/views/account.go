package views

import "zhendi/internal/diag"

// Reason is why a line is no view.
type Reason int

// The reasons, in the order in which lines are tried; the first that holds is the line's.
const (
	Unreadable Reason = iota // not of the log's format, or too long
	Torn                     // the last line of a file, not yet written to its end
	Method                   // not GET
	Status                   // neither 200 nor 304
	NoPage                   // no page of an article: lists, pictures, styles, addresses that do not exist
	Prefetch                 // fetched by the browser before the reader wanted it
	NoAgent                  // the browser does not say what it is
	Bot                      // crawler, monitor, program
	reasons
)

var reasonTexts = [reasons]diag.Text{
	Unreadable: {ZH: "读不懂", EN: "unreadable"}, Torn: {ZH: "末行不完整", EN: "torn last line"},
	Method: {ZH: "不是 GET", EN: "not GET"}, Status: {ZH: "状态不是 200 或 304", EN: "status neither 200 nor 304"},
	NoPage: {ZH: "不是稿件网页", EN: "no article's page"}, Prefetch: {ZH: "预取", EN: "prefetch"},
	NoAgent: {ZH: "没有浏览器信息", EN: "no agent"}, Bot: {ZH: "爬虫与程序", EN: "bot"},
}

var reasonNames = [reasons]string{"unreadable", "torn", "method", "status", "nopage", "prefetch", "noagent", "bot"}

// Reasons returns all reasons.
func Reasons() (list []Reason) {
	for r := range reasons {
		list = append(list, r)
	}
	return list
}

// Text names the reason.
func (r Reason) Text() diag.Text { return reasonTexts[r] }

// Account says what became of every line:
// Lines = Counted + Repeated + all of Filtered + Late + Future.
type Account struct {
	Lines    int64
	Counted  int64          // new views
	Repeated int64          // views that had been counted before
	Filtered [reasons]int64 // no views
	Late     int64          // quarantined: their day is closed
	Future   int64          // quarantined: more than an hour ahead of the clock
}

// Closes tells whether every line is accounted for.
func (a *Account) Closes() bool {
	n := a.Counted + a.Repeated + a.Late + a.Future
	for _, f := range a.Filtered {
		n += f
	}
	return n == a.Lines
}

// Add adds another account.
func (a *Account) Add(b Account) {
	a.Lines += b.Lines
	a.Counted += b.Counted
	a.Repeated += b.Repeated
	a.Late += b.Late
	a.Future += b.Future
	for i, n := range b.Filtered {
		a.Filtered[i] += n
	}
}
