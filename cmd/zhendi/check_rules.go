package main

import (
	"fmt"
	"net/url"
	"strings"

	"zhendi/internal/build"
	"zhendi/internal/check"
	"zhendi/internal/diag"
)

// mendingNames say what --fix does with a rule's findings.
var mendingNames = [...]diag.Text{
	check.ByHand: {}, check.Safely: {ZH: "--fix 可改", EN: "mended by --fix"}, check.Asked: {ZH: "--fix=%s 可改", EN: "mended by --fix=%s"},
}

func mending(a *check.Analyser, lang diag.Lang) string {
	s := mendingNames[a.Mends].In(lang)
	if strings.Contains(s, "%s") {
		s = fmt.Sprintf(s, a.ID)
	}
	return s
}

// listRules prints the table of rules.
func (e *env) listRules() int {
	for _, a := range check.Analysers() {
		state := a.Severity.In(e.lang)
		if a.Off {
			state = diag.T("默认不查", "off").In(e.lang)
		}
		name := a.Name.In(e.lang)
		line := fmt.Sprintf("%s  %s%s  %s%s", a.ID, state, strings.Repeat(" ", max(0, 8-diag.Cells(state))), name, strings.Repeat(" ", max(0, 32-diag.Cells(name))))
		fmt.Fprintln(e.stdout, strings.TrimRight(line+mending(a, e.lang), " "))
	}
	return exitDone
}

// explainRule prints what a rule finds and how it decides, with examples.
func (e *env) explainRule(id string) int {
	a, ok := check.ByID(strings.ToUpper(id))
	if !ok && !strings.ContainsAny(id, "0123456789") { // [link], [date]…
		e.complain(diag.T("规则 "+id+" 没有另外的说明：它由生成网站的各步报告，怎样改写在每处问题的箭头后面", "there is no more to say of "+id+": building reports it, and the arrow under each problem says what to do"))
		e.hint(diag.T("zhendi check --list 列出有说明的规则", "zhendi check --list shows the rules that can be explained"))
		return exitUsage
	}
	if !ok {
		e.complain(diag.T("没有规则 "+id, "no rule "+id))
		e.hint(diag.T("zhendi check --list 列出所有规则", "zhendi check --list shows all rules"))
		return exitUsage
	}
	severity := a.Severity.In(e.lang)
	if a.Off {
		severity += diag.T("，默认不查", ", off by default").In(e.lang)
	}
	if m := mending(a, e.lang); m != "" {
		severity += diag.T("，", ", ").In(e.lang) + m
	}
	fmt.Fprintf(e.stdout, "%s %s（%s）\n\n%s\n", a.ID, a.Name.In(e.lang), severity, a.Doc.In(e.lang))
	examples := func(head diag.Text, list []string) {
		if len(list) == 0 {
			return
		}
		fmt.Fprintf(e.stdout, "\n%s\n", head.In(e.lang))
		for _, x := range list {
			for i, l := range strings.Split(x, "¶") {
				fmt.Fprintln(e.stdout, strings.TrimRight([]string{"  · ", "    "}[min(i, 1)]+l, " "))
			}
		}
	}
	examples(diag.T("会报告：", "reported:"), a.Bad)
	examples(diag.T("不报告：", "left alone:"), a.Good)
	fmt.Fprintf(e.stdout, "\n%s%s\n", diag.T("可能误报：", "may be wrong about: ").In(e.lang), a.Mistaken.In(e.lang))
	return exitDone
}

// ownHosts are the hosts to which every page of the site leads: its own and its friends'.
func ownHosts(l *build.Loaded) (hosts []string) {
	add := func(address string) {
		if u, err := url.Parse(address); err == nil && u.Hostname() != "" {
			hosts = append(hosts, u.Hostname())
		}
	}
	add(l.Config.BaseURL)
	for _, g := range l.Config.Friends {
		for _, f := range g.Links {
			add(f.URL)
		}
	}
	return append(hosts, l.Config.ExemptHosts...)
}
