package hanzi

import "testing"

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		in   string
		want Script
	}{
		{"", Unknown},
		{"ABC 123", Unknown},
		{"干后里于", Unknown},
		{"党建引领", Hans},
		{"黨建引領", Hant},
		{"國家", Hant},
		{"国", Hans},
		{"国國", Unknown},
		{"引用“國家”一词，说明用法", Hans},
		{"悦說", Hant}, // 悦 is Hong Kong's form too
		{"\xe5\x9b", Unknown},
		{"\xe5国\xff", Hans},
		{"é国", Hans},
		{"𠮷国", Hans},
	} {
		if got := Detect(c.in); got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
	if hans, hant := Count("国国國"); hans != 2 || hant != 1 {
		t.Errorf("got %d, %d", hans, hant)
	}
}

// TestDetectAfterConversion: what a conversion makes is in the script it makes.
func TestDetectAfterConversion(t *testing.T) {
	m := newMixer(t, "s2tw")
	s2tw, t2s := mustNew(t, "s2tw"), mustNew(t, "t2s")
	for range 2000 {
		in := m.line()
		if hans, _ := Count(t2s.String(in)); Detect(t2s.String(in)) == Hant {
			t.Errorf("t2s of %q is traditional (%d simplified)", in, hans)
		}
		if Detect(s2tw.String(in)) == Hans {
			t.Errorf("s2tw of %q, %q, is simplified", in, s2tw.String(in))
		}
	}
}
