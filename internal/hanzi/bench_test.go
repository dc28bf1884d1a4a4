package hanzi

import "testing"

func BenchmarkLoad(b *testing.B) {
	for _, config := range []string{"s2t", "t2s", "s2tw", "s2hk", "s2twp", "tw2sp"} {
		b.Run(config, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				load(config)
			}
		})
	}
}
