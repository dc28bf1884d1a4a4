package views

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"hash/maphash"
	"strings"
)

//go:embed data/bots.txt
var botsText string

// ownBots are agents that the published list lacks: crawlers and monitors of Chinese services, and
// libraries. Like that list, but regardless of case.
var ownBots = []string{
	"haosouspider", "360spider", "360-jk", "chinasospider", "jikespider", "easouspider", "yisouspider", "youdaobot", "yodaobot",
	"sosospider", "iaskspider", "petalbot", "bytespider", "toutiaospider", "shenmaspider", "sm-spider", "sogou-spider", "qqspider",
	"baiduspider", "baidu-transcoder", "baiduboxapp-preload", "aspiegelbot", "kaipuyun", "ucap-monitor", "alibabacloud monitor", "aliyunsecbot", "aliyunbot",
	"tencentcloud-monitor", "dnspod-monitor", "jiankongbao", "yunjiankong", "17ce", "webluker", "zgrab", "masscan", "nmap ", "fofa", "zoomeye", "quake 360",
	"java/", "okhttp/", "python-", "python/", "aiohttp", "go-http-client", "apache-httpclient", "libwww", "lwp::", "perl/", "php/", "guzzle", "curl/", "wget/",
	"scrapy", "headless", "phantomjs", "selenium", "puppeteer", "playwright", "httpclient", "httpunit", "nutch", "feedfetcher", "spider", "crawl",
	"bot/", "bot;", "bot)", "bot,", "bot ", "bot-", "+http://", "+https://",
}

// readers are what agents of readers contain although a pattern above fits.
var readers = []string{"cubot", "sogoumobilebrowser", "sogoumse"}

// bots finds agents that are no readers.
type bots struct {
	exact, folded words
	head, tail    []string // bound to the beginning, to the end
	lower         []byte   // scratch
}

func newBots() *bots {
	b := &bots{}
	for line := range strings.Lines(botsText) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '^':
			b.head = append(b.head, line[1:])
		case strings.HasSuffix(line, "$"):
			b.tail = append(b.tail, line[:len(line)-1])
		default:
			b.exact.add(line)
		}
	}
	for _, w := range ownBots {
		b.folded.add(w)
	}
	return b
}

// is tells whether an agent is a bot.
func (b *bots) is(agent []byte) bool {
	b.lower = append(b.lower[:0], agent...)
	for i, c := range b.lower {
		if c >= 'A' && c <= 'Z' {
			b.lower[i] = c + 'a' - 'A'
		}
	}
	if !b.fits(agent) {
		return false
	}
	for _, w := range readers {
		if bytes.Contains(b.lower, []byte(w)) {
			return false
		}
	}
	return true
}

func (b *bots) fits(agent []byte) bool {
	for _, w := range b.head {
		if bytes.HasPrefix(agent, []byte(w)) {
			return true
		}
	}
	for _, w := range b.tail {
		if bytes.HasSuffix(agent, []byte(w)) {
			return true
		}
	}
	return bytes.HasSuffix(b.lower, []byte("bot")) || b.folded.in(b.lower) || b.exact.in(agent)
}

// words finds any of many words of three bytes or more, by their first three bytes.
type words struct {
	starts [1 << 16 / 64]uint64 // a bit for each hash of three bytes
	lists  map[[3]byte][]string
}

func (ws *words) add(word string) {
	if ws.lists == nil {
		ws.lists = map[[3]byte][]string{}
	}
	k := [3]byte([]byte(word[:3]))
	ws.lists[k] = append(ws.lists[k], word)
	h := threeHash(k[0], k[1], k[2])
	ws.starts[h/64] |= 1 << (h % 64)
}

func threeHash(x, y, z byte) uint32 {
	return (uint32(x)<<16 | uint32(y)<<8 | uint32(z)) * 0x9e3779b1 >> 16
}

func (ws *words) in(text []byte) bool {
	for i := 0; i+3 <= len(text); i++ {
		h := threeHash(text[i], text[i+1], text[i+2])
		if ws.starts[h/64]>>(h%64)&1 == 0 {
			continue
		}
		for _, w := range ws.lists[[3]byte(text[i:])] {
			if bytes.HasPrefix(text[i:], []byte(w)) {
				return true
			}
		}
	}
	return false
}

// maxAgents is how many agents are remembered at a time.
const maxAgents = 1 << 18

// agents remembers what was found out about agents, by two hashes of theirs with seeds that only this
// process knows: comparing a hundred thousand agents byte by byte would cost a fifth of the time.
type agents struct {
	bots  *bots
	seeds [2]maphash.Seed
	table []agentFacts // an open hash table, at most half full
	n     int
}

// agentFacts are whether it is a bot and what stands for it in a reader's hash. They stay in memory.
type agentFacts struct {
	key  [2]uint64 // both zero: free
	hash [16]byte
	bot  bool
}

func newAgents() *agents {
	return &agents{bots: newBots(), seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, table: make([]agentFacts, 1<<10)}
}

func (a *agents) key(agent []byte) [2]uint64 {
	return [2]uint64{maphash.Bytes(a.seeds[0], agent) | 1, maphash.Bytes(a.seeds[1], agent)}
}

// place returns where the agent with this key stands, or the free place where it would.
func (a *agents) place(key [2]uint64) *agentFacts {
	mask := uint64(len(a.table) - 1)
	for at := key[1] & mask; ; at = (at + 1) & mask {
		if f := &a.table[at]; f.key == key || f.key[0] == 0 {
			return f
		}
	}
}

// of returns the facts about an agent with this key.
func (a *agents) of(agent []byte, key [2]uint64) *agentFacts {
	f := a.place(key)
	if f.key[0] != 0 {
		return f
	}
	if a.n++; 2*a.n > len(a.table) {
		a.grow()
		f = a.place(key)
	}
	sum := sha256.Sum256(agent)
	*f = agentFacts{key: key, hash: [16]byte(sum[:]), bot: a.bots.is(agent)}
	return f
}

// grow makes room; where there are too many agents, by forgetting them.
func (a *agents) grow() {
	old := a.table
	if a.n > maxAgents {
		clear(old)
		a.n = 1
		return
	}
	a.table = make([]agentFacts, 2*len(old))
	for _, f := range old {
		if f.key[0] != 0 {
			*a.place(f.key) = f
		}
	}
}
