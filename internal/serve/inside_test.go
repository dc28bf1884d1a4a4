package serve

import (
	"net"
	"testing"
)

func TestInside(t *testing.T) {
	for addr, want := range map[string]bool{
		"10.1.2.3": true, "172.16.0.1": true, "192.168.1.9": true, "169.254.7.7": true, "100.64.0.1": true, "100.127.255.254": true, "192.0.2.2": true,
		"127.0.0.1": false, "8.8.8.8": false, "100.63.0.1": false, "100.128.0.1": false, "192.0.3.1": false, "172.32.0.1": false, "fd00::2": false, "::1": false,
	} {
		if got := inside(net.ParseIP(addr)); got != want {
			t.Errorf("inside(%s) = %v", addr, got)
		}
	}
}
