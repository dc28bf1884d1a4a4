//go:build race

package template

// underRace says that the race detector looks on: sync.Pool then drops some of what it is given, on purpose.
const underRace = true
