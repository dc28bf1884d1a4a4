package config

import (
	"strings"

	"zhendi/internal/diag"
	"zhendi/internal/fields"
)

// Check is how articles are checked.
type Check struct {
	Rules     []RuleSetting
	Freshness map[string]int // days by folder of a column; 0: any
}

// RuleSetting says how severe a rule of check is: error, warning, info or off.
type RuleSetting struct {
	Rule, Severity string
	Pos            diag.Pos
}

var check = fields.Schema{Of: diag.T("check（检查）", "check"), Closed: true, Fields: []fields.Field{
	{Name: "rules", Also: []string{"规则"}, Kind: fields.Named, Sub: &ruleSetting, Doc: "规则编号与轻重，如 Z23: warning"},
	{Name: "freshness", Also: []string{"更新期限"}, Kind: fields.Named, Sub: &freshness, Doc: "栏目文件夹与天数，如 tzgg: 180；0 为不限，下级栏目随上级"},
}}

var ruleSetting = fields.Schema{Of: diag.T("规则", "rule"), Closed: true, Fields: []fields.Field{
	{Name: "severity", Also: []string{"轻重"}, Kind: fields.Enum, Values: []fields.EnumValue{
		{Name: "error", Also: []string{"错误"}}, {Name: "warning", Also: []string{"警告"}},
		{Name: "info", Also: []string{"提示"}}, {Name: "off", Also: []string{"关", "不查"}},
	}, Doc: "error 错误、warning 警告、info 提示、off 不查"},
}}

var freshness = fields.Schema{Of: diag.T("栏目", "column"), Closed: true, Fields: []fields.Field{
	{Name: "days", Also: []string{"天数"}, Kind: fields.Int, Doc: "天数，0 为不限"},
}}

// check reads how articles are checked. Which rules there are is package check's to know.
func (r *reader) check(c *Config) {
	v := r.v.Group("check")
	for _, g := range v.Get("rules").Groups {
		if s := g.Text("severity"); s != "" {
			c.Check.Rules = append(c.Check.Rules, RuleSetting{g.Name, s, g.Pos})
		}
	}
	for _, g := range v.Get("freshness").Groups {
		if c.Check.Freshness == nil {
			c.Check.Freshness = map[string]int{}
		}
		c.Check.Freshness[strings.Trim(g.Name, "/")] = g.Get("days").Int
	}
}
