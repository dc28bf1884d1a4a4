//go:build ignore

// Writes an access log in combined format, made up from a seed, to standard output; and, if asked
// to, the catalogue of the articles that it asks for.
//
//	go run viewslog.go -lines 1000000 -agents 100000 -readers 1000000 -paths 20000 -catalogue c.json >access.log
//
// Every line has an agent of its own kind of browser, system and version; one line in ten is
// a bot's, one in four asks for a picture or a style, as in a portal's log whose images lie elsewhere.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"strconv"
	"time"
)

type rng uint64

func (r *rng) n(n int) int {
	*r ^= *r << 13
	*r ^= *r >> 7
	*r ^= *r << 17
	return int(uint64(*r) >> 11 % uint64(n))
}

const alphabet = "abcdefghijklmnopqrstuvwxyz234567"

func id(n int) string {
	v := uint64(n+1) * 0x9e3779b97f4a7c15 >> 14
	b := make([]byte, 10)
	for i := range b {
		b[i] = alphabet[v>>(45-5*i)&31]
	}
	return string(b)
}

var columns = []string{"yw/jgdt", "tzgg", "jdal/bzdr", "sxjy/llxx", "qtgz", "zzjs/dygl"}

func path(n int) string {
	return "/" + columns[n%len(columns)] + "/" + strconv.Itoa(2016+n%11) + "/" + "gaojian-" + strconv.Itoa(n) + ".html"
}

func main() {
	lines := flag.Int("lines", 1_000_000, "")
	agents := flag.Int("agents", 100_000, "distinct agents")
	readers := flag.Int("readers", 1_000_000, "distinct addresses")
	paths := flag.Int("paths", 20_000, "articles")
	days := flag.Int("days", 1, "over which the lines are spread, in order")
	seed := flag.Uint64("seed", 1, "")
	catalogue := flag.String("catalogue", "", "file to write it to")
	flag.Parse()
	if *catalogue != "" {
		writeCatalogue(*catalogue, *paths)
	}
	r := rng(*seed*0x9e3779b97f4a7c15 | 1)
	start := time.Date(2026, 6, 1, 0, 0, 0, 0, time.FixedZone("", 8*3600))
	names := make([]string, *agents)
	for i := range names {
		names[i] = agent(i)
	}
	urls := make([]string, *paths)
	for i := range urls {
		urls[i] = path(i)
	}
	w := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer w.Flush()
	span := float64(*days) * 86400 / float64(*lines)
	stamp, last := "", -1
	var b []byte
	for i := range *lines {
		sec := int(float64(i) * span)
		if sec != last {
			last, stamp = sec, start.Add(time.Duration(sec)*time.Second).Format("02/Jan/2006:15:04:05 -0700")
		}
		a := r.n(*readers)
		b = append(b[:0], strconv.Itoa(11+a>>24)...)
		for _, s := range []uint{16, 8, 0} {
			b = append(append(b, '.'), strconv.Itoa(a>>s&255)...)
		}
		b = append(append(append(b, " - - ["...), stamp...), `] "GET `...)
		p := r.n(*paths)
		if r.n(4) == 0 { // half of the reading is of a few articles
			p = r.n(1 + *paths/100)
		}
		if r.n(4) == 0 {
			b = append(strconv.AppendInt(append(b, "/assets/tupian-"...), int64(p), 10), ".jpg"...)
		} else {
			b = append(b, urls[p]...)
		}
		b = append(b, ` HTTP/1.1" 200 `...)
		b = strconv.AppendInt(b, int64(5000+r.n(30000)), 10)
		b = append(b, ` "https://www.yunxiu.example/" "`...)
		b = append(append(b, names[(a+r.n(3))%len(names)]...), "\"\n"...)
		w.Write(b)
	}
}

func agent(n int) string {
	if n%10 == 9 {
		return fmt.Sprintf("Mozilla/5.0 (compatible; Baiduspider/2.%d; +http://www.baidu.com/search/spider.html)", n)
	}
	return fmt.Sprintf("Mozilla/5.0 (Linux; Android %d; V%04dA Build/TP1A.%d) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.%d.%d Mobile Safari/537.36", 8+n%7, n%9000, n, 90+n%40, 4000+n%977, n%211)
}

func writeCatalogue(name string, n int) {
	f, err := os.Create(name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	w.WriteString(`{"articles":[`)
	for i := range n {
		if i > 0 {
			w.WriteByte(',')
		}
		fmt.Fprintf(w, `{"id":%q,"column":%q,"date":"2026-01-01T08:00:00+08:00","editions":[{"lang":"zh-Hans","path":%q,"title":"第%d篇稿件"}]}`+"\n", id(i), columns[i%len(columns)], path(i), i)
	}
	w.WriteString("]}\n")
	if err := w.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	f.Close()
}
