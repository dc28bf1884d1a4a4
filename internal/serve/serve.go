// Package serve shows a site to the person who writes it, while it is written.
//
//	s, err := serve.Open(ctx, serve.Options{Site: build.Options{…}, Port: 8008})
//	s.Run(ctx)
//
// Every page is made when it is asked for, by a build.Desk: it has the bytes that a build would write, and before
// </body> one element more, the script of the preview. The script listens at /_zhendi/events and says, in a layer of its own that the page's
// styles do not reach, that this is a preview, why an article would not be published now, and which mistakes there are. When a
// file is saved, the server makes each page that somebody looks at again: if it is another, the browser loads it, or
// takes only the new style if nothing else differs, or goes to where the article is now. A page with a mistake stays as it last was.
//
// # Safety
//
// The server listens on this machine alone unless told to show the site on the local network. It answers GET and HEAD, writes nothing, and
// knows no path but those of the site's files: there is no folder behind it. The name in Host must be localhost or an
// address in numbers, so that no page of another site can have a name of its own lead here and read drafts.
//
// # Limits
//
// What is wrong with the texts of articles that nobody looks at or changes is not known: check and build tell it.
package serve

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"zhendi/internal/build"
	"zhendi/internal/diag"
)

// Options say what to show, and to whom.
type Options struct {
	Site build.Options // Out and BaseURL are not used
	Port int           // 0: any
	LAN  bool          // also for others on the local network
	Poll time.Duration // look for changes so often, instead of being told of them; 0: being told

	// Levels returns how many levels of review the text of reviewers.yaml asks for.
	Levels func(text []byte) int

	// Say tells the person at the terminal something.
	Say func(diag.Text)
}

// Server is a site that is shown.
type Server struct {
	opt       Options
	desk      *build.Desk
	listeners []net.Listener
	url       string // of the site
	pages     lastGood

	mu      sync.Mutex
	changed chan struct{} // closed when the site has changed
}

// Open reads the site and starts to listen.
func Open(ctx context.Context, opt Options) (*Server, error) {
	s := &Server{opt: opt, changed: make(chan struct{})}
	if err := s.listen(); err != nil {
		return nil, err
	}
	opt.Site.BaseURL = s.url
	desk, err := build.OpenDesk(ctx, opt.Site)
	if err != nil {
		s.close()
		return nil, err
	}
	s.desk = desk
	return s, nil
}

// ErrNoNetwork is that there is no local network to show the site on.
var ErrNoNetwork = errors.New("no address on a local network")

// listen listens on this machine, and on its address in the local network.
func (s *Server) listen() error {
	hosts := []string{"127.0.0.1"}
	if s.opt.LAN {
		ip, ok := local()
		if !ok {
			return ErrNoNetwork
		}
		hosts = append(hosts, ip)
	}
	port := strconv.Itoa(s.opt.Port)
	for _, h := range hosts {
		l, err := net.Listen("tcp", net.JoinHostPort(h, port))
		if err != nil {
			s.close()
			return err
		}
		s.listeners = append(s.listeners, l)
		s.url = "http://" + l.Addr().String() + "/"
		_, port, _ = net.SplitHostPort(l.Addr().String())
	}
	return nil
}

// local returns the address of this machine in a local network.
func local() (string, bool) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return "", false
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && inside(n.IP) {
			return n.IP.String(), true
		}
	}
	return "", false
}

// inside reports whether the internet does not lead to an IPv4 address: a draft must not be seen from there. Private
// networks (RFC 1918), those shared behind a provider's or a company's gateway (RFC 6598), those without a server that gives
// addresses (RFC 3927), and those of examples and laboratories (RFC 5737).
func inside(ip net.IP) bool {
	ip = ip.To4()
	if ip == nil || ip.IsLoopback() {
		return false
	}
	if ip.IsPrivate() || ip.IsLinkLocalUnicast() || ip[0] == 100 && ip[1]&0xc0 == 64 {
		return true
	}
	net24 := [3]byte(ip[:3])
	return net24 == [3]byte{192, 0, 2} || net24 == [3]byte{198, 51, 100} || net24 == [3]byte{203, 0, 113}
}

// URL is the address of the site.
func (s *Server) URL() string { return s.url }

func (s *Server) close() {
	for _, l := range s.listeners {
		l.Close()
	}
}

// Run serves until the context ends.
func (s *Server) Run(ctx context.Context) error {
	defer s.desk.Close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	failed := make(chan error, len(s.listeners))
	var work sync.WaitGroup
	for _, l := range s.listeners {
		work.Go(func() { failed <- server.Serve(l) })
	}
	work.Go(func() { s.follow(ctx) })
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stop()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if server.Shutdown(end) != nil {
		server.Close()
	}
	work.Wait()
	return err
}

// follow takes up changes as they come, and as time brings them.
func (s *Server) follow(ctx context.Context) {
	changes := make(chan []string)
	var work sync.WaitGroup
	work.Go(func() { s.watch(ctx, changes) })
	defer work.Wait()
	for {
		var due <-chan time.Time
		if at := s.desk.Next(); !at.IsZero() {
			due = time.After(min(max(time.Until(at), time.Second), time.Hour))
		}
		select {
		case <-ctx.Done():
			return
		case paths := <-changes:
			s.refresh(ctx, paths)
		case <-due:
			s.refresh(ctx, nil)
		}
	}
}

func (s *Server) refresh(ctx context.Context, paths []string) {
	changed, err := s.desk.Refresh(ctx, paths)
	if err != nil && ctx.Err() == nil {
		s.opt.Say(diag.T("读不了网站："+err.Error(), "the site cannot be read: "+err.Error()))
	}
	if !changed {
		return
	}
	s.mu.Lock()
	close(s.changed)
	s.changed = make(chan struct{})
	s.mu.Unlock()
}

// next returns a channel that is closed at the next change.
func (s *Server) next() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}
