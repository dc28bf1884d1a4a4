package pictures

// plane is samples in rows, n for each pixel.
type plane struct {
	w, h, n int
	stride  int
	pix     []byte
}

func newPlane(w, h, n int) plane { return plane{w, h, n, w * n, make([]byte, w*h*n)} }

func (p plane) row(y int) []byte { return p.pix[y*p.stride : y*p.stride+p.w*p.n] }

// taps says which samples of the source make one sample of the result, and how much of each, in
// units of 1/weight.
type taps struct {
	from    int
	weights []int32
}

const (
	weightBits = 14
	one        = 1 << 16 // fixed point of distances
)

// kernel returns the taps that turn in samples into out: a cubic (Catmull–Rom), stretched when
// scaling down so that every sample counts. Integers only: floating point is fused on some processors
// and gives other bytes there.
func kernel(in, out int) []taps {
	list := make([]taps, out)
	wide := int64(max(in, out))
	for o := range list {
		centre := int64(2*o+1) * int64(in) // in units of 1/(2·out) samples
		first := max(0, int((centre-4*wide)/int64(2*out))-1)
		last := min(in-1, int((centre+4*wide)/int64(2*out))+1)
		t := taps{from: first}
		var raw []int64
		var sum int64
		for i := first; i <= last; i++ {
			w := cubic((int64(2*i+1)*int64(out) - centre) * one / (2 * wide))
			if w == 0 && len(raw) == 0 {
				t.from++
				continue
			}
			raw = append(raw, w)
			sum += w
		}
		t.weights = normal(raw, sum)
		list[o] = t
	}
	return list
}

// cubic is the Catmull–Rom curve at distance t.
func cubic(t int64) int64 {
	t = max(t, -t)
	t2 := t * t / one
	t3 := t2 * t / one
	switch {
	case t < one:
		return (3*t3 - 5*t2 + 2*one) / 2
	case t < 2*one:
		return (-t3 + 5*t2 - 8*t + 4*one) / 2
	}
	return 0
}

// normal makes weights whose sum is 1<<weightBits exactly: an even colour stays what it is.
func normal(raw []int64, sum int64) []int32 {
	for len(raw) > 1 && raw[len(raw)-1] == 0 {
		raw = raw[:len(raw)-1]
	}
	weights := make([]int32, len(raw))
	rest, most := int32(1<<weightBits), 0
	for i, w := range raw {
		weights[i] = int32(w << weightBits / sum)
		rest -= weights[i]
		if weights[i] > weights[most] {
			most = i
		}
	}
	weights[most] += rest
	return weights
}

// scale returns p in another size. It keeps one row in between, not the picture.
func scale(p plane, w, h int) plane {
	if w == p.w && h == p.h {
		return p
	}
	out := newPlane(w, h, p.n)
	across, down := kernel(p.w, w), kernel(p.h, h)
	sums := make([]int32, p.w*p.n)
	mid := make([]byte, p.w*p.n)
	for y, t := range down {
		clear(sums)
		for k, weight := range t.weights {
			src := p.row(t.from + k)
			acc := sums[:len(src)]
			for i, v := range src {
				acc[i] += weight * int32(v)
			}
		}
		for i, s := range sums {
			mid[i] = sample(s)
		}
		if p.n == 1 {
			across1(out.row(y), mid, across)
		} else {
			across4(out.row(y), mid, across)
		}
	}
	return out
}

func across1(dst, src []byte, across []taps) {
	for x, t := range across {
		var s int32
		from := src[t.from : t.from+len(t.weights)]
		for k, weight := range t.weights {
			s += weight * int32(from[k])
		}
		dst[x] = sample(s)
	}
}

// across4 scales a row of colours premultiplied with their opacity, which none may exceed.
func across4(dst, src []byte, across []taps) {
	for x, t := range across {
		var r, g, b, a int32
		from := src[t.from*4:]
		for k, weight := range t.weights {
			q := from[k*4 : k*4+4]
			r += weight * int32(q[0])
			g += weight * int32(q[1])
			b += weight * int32(q[2])
			a += weight * int32(q[3])
		}
		o := dst[x*4 : x*4+4]
		o[3] = sample(a)
		o[0], o[1], o[2] = min(sample(r), o[3]), min(sample(g), o[3]), min(sample(b), o[3])
	}
}

func sample(s int32) byte {
	return byte(max(0, min(255, (s+1<<(weightBits-1))>>weightBits)))
}

// turn returns p upright: o is the orientation of EXIF, which says where the first row and column of
// the picture are seen (EXIF 2.32, 4.6.4).
func turn(p plane, o int) plane {
	if o == 1 {
		return p
	}
	w, h := p.w, p.h
	if o > 4 {
		w, h = h, w
	}
	out := newPlane(w, h, p.n)
	for y := range h {
		row := out.row(y)
		for x := range w {
			sx, sy := x, y
			switch o {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, w-1-x
			case 7:
				sx, sy = h-1-y, w-1-x
			case 8:
				sx, sy = h-1-y, x
			}
			copy(row[x*p.n:(x+1)*p.n], p.pix[sy*p.stride+sx*p.n:])
		}
	}
	return out
}
