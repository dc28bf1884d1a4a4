package main

import (
	"zhendi/internal/build"
	"zhendi/internal/diag"
)

// load reads and models a site, and reports its problems. ok is false, and nothing need be closed, if there is an error among
// them: the command then ends with status code.
func (e *env) load(opt build.Options) (l *build.Loaded, code int, ok bool) {
	l, err := build.Load(e.ctx, opt)
	if err != nil {
		return nil, e.fail(err), false
	}
	problems := l.Report()
	if err := problems.WriteText(e.stderr, e.lang); err != nil {
		code = e.fail(err)
	} else if problems.Count(diag.Error) > 0 {
		code = exitProblems
	}
	if code != exitDone {
		l.Close()
		return nil, code, false
	}
	return l, exitDone, true
}
