//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// sample is what one run of a program took.
type sample struct {
	Wall float64 `json:"wall"` // seconds
	CPU  float64 `json:"cpu"`  // seconds of user and system time
	RSS  int64   `json:"rss"`  // bytes at the peak
}

// measure runs a program and returns what it took and printed. The program is started by a small
// process of its own: the peak of a process counts what its parent held when it was started.
func measure(args ...string) (s sample, out string, err error) {
	self, err := os.Executable()
	if err != nil {
		return s, "", err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return s, "", err
	}
	defer r.Close()
	syscall.Sync()
	cmd := exec.Command(self, append([]string{"run"}, args...)...)
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = &text, &text, []*os.File{w}
	err = cmd.Run()
	w.Close()
	if err != nil {
		return s, text.String(), fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, text.String())
	}
	return s, text.String(), json.NewDecoder(r).Decode(&s)
}

// runMeasured is that process: it runs a program and writes its sample to file 3.
func runMeasured(args []string) int {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	u := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	s := sample{wall.Seconds(), (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), u.Maxrss * 1024}
	if err := json.NewEncoder(os.NewFile(3, "sample")).Encode(s); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return cmd.ProcessState.ExitCode()
}
