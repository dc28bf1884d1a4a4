package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"

	"zhendi/internal/build"
	"zhendi/internal/diag"
)

// startProfile records where the processor's time goes; stop writes it, and what memory holds,
// into dir. An empty dir does nothing.
func startProfile(dir string) (stop func() error, err error) {
	if dir == "" {
		return func() error { return nil }, nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	cpu, err := os.Create(filepath.Join(dir, "cpu.pprof"))
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return nil, errors.Join(err, cpu.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		heap, err := os.Create(filepath.Join(dir, "heap.pprof"))
		if err == nil {
			runtime.GC()
			err = errors.Join(pprof.WriteHeapProfile(heap), heap.Close())
		}
		return errors.Join(err, cpu.Close())
	}, nil
}

// printTimings prints how long each stage took, on the clock and of the
// processor.
func (e *env) printTimings(list []build.Timing) {
	for _, t := range list {
		took, cpu := t.Took.Seconds(), t.CPU.Seconds()
		fmt.Fprintln(e.stderr, diag.T(fmt.Sprintf("%8.3f 秒  处理器 %8.3f 秒  %s", took, cpu, t.What.ZH), fmt.Sprintf("%8.3f s  cpu %8.3f s  %s", took, cpu, t.What.EN)).In(e.lang))
	}
}
