package diag

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func sample() List {
	p := testRule.At(Pos{"content/党建/a,b.md", 3, 4}, "x,%\n", "y", "z")
	p.Len, p.Edits = 2, []Edit{{3, 4, 3, 6, "乙"}}
	l := List{p, testNote.At(Pos{File: "b.md"})}
	l.Quote(func(string) []string { return []string{"", "", "“党建<>x"} })
	return l
}

func TestReportHasEveryProblem(t *testing.T) {
	var b strings.Builder
	if err := sample().WriteJSON(&b, ZH, Run{"zhendi", "1", 7}); err != nil {
		t.Fatal(err)
	}
	var got Report
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	want := Report{1, "zhendi 1", 7, 1, 1, 0, []ReportProblem{
		{"date", "error", "content/党建/a,b.md", 3, 4, 2, "“党建<>x", "日期“x,%\n”有误:y", "改为 z", []ReportEdit{{3, 4, 3, 6, "乙"}}},
		{"note", "warning", "b.md", 0, 0, 0, "", "注意", "", []ReportEdit{}},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
	if strings.Contains(b.String(), `\u003c`) {
		t.Error("the excerpt is escaped as if for HTML")
	}
}

func TestAnEmptyReportHasAList(t *testing.T) {
	var b strings.Builder
	if err := (List{}).WriteJSON(&b, ZH, Run{}); err != nil || !strings.Contains(b.String(), `"problems": []`) {
		t.Error(err, b.String())
	}
}

func TestWorkflowCommandsAreOneLineEach(t *testing.T) {
	var b strings.Builder
	if err := sample().WriteGitHub(&b, ZH); err != nil {
		t.Fatal(err)
	}
	want := "::error file=content/党建/a%2Cb.md,line=3,col=4,endColumn=6,title=date::日期“x,%25%0A”有误:y%0A→ 改为 z\n" +
		"::warning file=b.md,title=note::注意\n"
	if b.String() != want {
		t.Errorf("%s\nwant\n%s", b.String(), want)
	}
}

func TestCodeQualityOutlivesMovedLines(t *testing.T) {
	type issue struct {
		Description, Fingerprint, Severity string
		Check                              string `json:"check_name"`
		Location                           struct {
			Path  string
			Lines struct{ Begin int }
		}
	}
	read := func(l List) (out []issue) {
		var b strings.Builder
		if err := l.WriteGitLab(&b, ZH); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(b.String()), &out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	l := sample()
	l = append(l, l[0])
	was := read(l)
	if first := was[0]; first.Check != "date" || first.Severity != "major" || first.Location.Path != "content/党建/a,b.md" || first.Location.Lines.Begin != 3 ||
		!strings.HasSuffix(first.Description, "→ 改为 z") || was[1].Location.Lines.Begin != 1 || was[1].Severity != "minor" {
		t.Errorf("%+v", was)
	}
	if was[0].Fingerprint == was[2].Fingerprint {
		t.Error("two problems of one kind have one fingerprint")
	}
	l[0].Pos.Line += 10
	if is := read(l); is[0].Fingerprint != was[0].Fingerprint {
		t.Error("a moved line makes a problem new")
	}
	if got := read(List{}); got == nil || len(got) != 0 {
		t.Error("no problems are no list")
	}
}

func TestSARIFNamesRuleAndPlace(t *testing.T) {
	var b strings.Builder
	if err := sample().WriteSARIF(&b, EN, Run{"zhendi", "1", 7}, []Rule{testNote}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version string
		Runs    []struct {
			ColumnKind string
			Tool       struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI string }
						Region           struct{ StartLine, StartColumn, EndColumn int }
					}
				}
				Fixes []struct {
					ArtifactChanges []struct {
						Replacements []struct {
							DeletedRegion   struct{ EndColumn int }
							InsertedContent struct{ Text string }
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	run := got.Runs[0]
	r := run.Results[0]
	at := r.Locations[0].PhysicalLocation
	if got.Version != "2.1.0" || run.ColumnKind != "unicodeCodePoints" || r.Level != "error" || run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID ||
		at.ArtifactLocation.URI != "content/%E5%85%9A%E5%BB%BA/a,b.md" || at.Region.StartLine != 3 || at.Region.StartColumn != 4 || at.Region.EndColumn != 6 {
		t.Errorf("%+v", got)
	}
	if c := r.Fixes[0].ArtifactChanges[0].Replacements[0]; c.DeletedRegion.EndColumn != 6 || c.InsertedContent.Text != "乙" {
		t.Errorf("%+v", c)
	}
	if len(run.Results[1].Fixes) != 0 || run.Results[1].Level != "warning" {
		t.Errorf("%+v", run.Results[1])
	}
}

func TestMarksAreAsWideAsThePlace(t *testing.T) {
	var b strings.Builder
	l := sample()[:1]
	l[0].Col = 2
	if err := l.WriteText(&b, EN); err != nil || !strings.Contains(b.String(), "\n      ^^^^\n") {
		t.Errorf("%v\n%s", err, b.String())
	}
}
