package hanzi

import "unsafe"

// view returns the bytes of s without a copy. They must not be written to.
func view(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// own makes b a string without a copy. Nothing may write to b afterwards.
func own(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
