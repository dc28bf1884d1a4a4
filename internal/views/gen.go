//go:build ignore

// Makes data/bots.txt from the file crawler-user-agents.json of the npm package of that name:
//
//	npm pack crawler-user-agents@1.60.0 && tar xzf crawler-user-agents-1.60.0.tgz
//	go run gen.go package/crawler-user-agents.json
//
// A pattern becomes one or more literals, one a line; ^ before it binds it to the beginning of an
// agent, $ after it to the end. Patterns that are more than a literal stand in the table below; a
// new one must be added there.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

const version = "1.60.0"

var reduced = map[string][]string{
	`AdsBot-Google([^-]|$)`:             {"AdsBot-Google"},
	`[wW]get`:                           {"wget", "Wget"},
	`(sistrix|SISTRIX) [cC]rawler`:      {"sistrix", "SISTRIX"},
	`Ahrefs(Bot|SiteAudit)`:             {"AhrefsBot", "AhrefsSiteAudit"},
	`S[eE][mM]rushBot`:                  {"SemrushBot", "SEMrushBot", "SeMrushBot", "SEmrushBot"},
	`Livelap[bB]ot`:                     {"Livelapbot", "LivelapBot"},
	`[pP]ingdom`:                        {"pingdom", "Pingdom"},
	`Bark[rR]owler`:                     {"Barkrowler", "BarkRowler"},
	`(^| )sentry\/`:                     {"^sentry/", " sentry/"},
	`[Cc]urebot`:                        {"Curebot", "curebot"},
	`BlogTraffic\/\d\.\d+ Feed-Fetcher`: {"BlogTraffic/"},
	`(^| )PTST\/`:                       {"^PTST/", " PTST/"},
	`[cC]laude[bB]ot`:                   {"claudebot", "claudeBot", "Claudebot", "ClaudeBot"},
	`[aA]cunetix`:                       {"acunetix", "Acunetix"},
	`[dD]ir[Bb]uster`:                   {"dirbuster", "dirBuster", "Dirbuster", "DirBuster"},
	`[mM]echanize`:                      {"mechanize", "Mechanize"},
	`Automaton|Newsify Feed Fetcher`:    {"Automaton", "Newsify Feed Fetcher"},
	`Chirp|gotosocial`:                  {"Chirp", "gotosocial"},
	`[cC]ludo`:                          {"cludo", "Cludo"},
	`ContextualBot[\s\S]*outcomes\.net`: {"ContextualBot"},
	`Current[\s\S]*RSS Reader`:          {"RSS Reader"},
	`Netumo|netumo`:                     {"Netumo", "netumo"},
	`Spider[\s\S]*spider\.com`:          {"spider.com"},
	// Sogou's browsers name it, too: only its spiders are meant.
	`Sogou`: {"Sogou web spider", "Sogou inst spider", "Sogou Pic Spider", "Sogou News Spider", "Sogou Video Spider", "Sogou blog", "Sogou head spider", "Sogou-Test-Spider"},
}

var special = regexp.MustCompile(`[\\^$.|?*+()\[\]{}]`)

func main() {
	raw, err := os.ReadFile(os.Args[1])
	check(err)
	var list []struct{ Pattern string }
	check(json.Unmarshal(raw, &list))
	var out []string
	for _, e := range list {
		if words, ok := reduced[e.Pattern]; ok {
			out = append(out, words...)
			continue
		}
		p, head := strings.CutPrefix(e.Pattern, "^")
		p, tail := strings.CutSuffix(p, "$")
		p = regexp.MustCompile(`\\([^A-Za-z0-9])`).ReplaceAllString(p, "\x00$1")
		for _, m := range special.FindAllStringIndex(p, -1) {
			if at := m[0]; p[at] != '.' && (at == 0 || p[at-1] != 0) {
				check(fmt.Errorf("pattern %s is more than a literal: add it to the table", e.Pattern))
			}
		}
		p = strings.ReplaceAll(p, "\x00", "")
		if head {
			p = "^" + p
		}
		if tail {
			p += "$"
		}
		out = append(out, p)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	text := "# Agents that are no readers: from npm crawler-user-agents " + version + " (MIT, see LICENSE). Made by gen.go; do not edit.\n" + strings.Join(out, "\n") + "\n"
	check(os.WriteFile("data/bots.txt", []byte(text), 0o644))
	fmt.Println(len(list), "patterns,", len(out), "literals")
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
