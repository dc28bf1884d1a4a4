package publish

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"
)

// A signed manifest ends in a line
//
//	# signature: <ed25519 signature of all bytes before the line, base64>
//
// so that manifest and signature are replaced together. openssl checks it:
//
//	sed '$d' manifest.txt > text; sed -n '$s/.* //p' manifest.txt | base64 -d > sig
//	openssl pkeyutl -verify -pubin -inkey public.pem -rawin -in text -sigfile sig
const signatureMark = "# signature: "

// signature is what a manifest is signed with; nil: it is not.
type signature []byte

// Sign appends the signature to the text of a manifest.
func Sign(text []byte, key ed25519.PrivateKey) []byte {
	text, _ = cutSignature(text)
	sig := base64.StdEncoding.EncodeToString(ed25519.Sign(key, text))
	return append(append(append(bytes.Clone(text), signatureMark...), sig...), '\n')
}

// cutSignature parts text and signature.
func cutSignature(text []byte) ([]byte, signature) {
	i := bytes.LastIndexByte(bytes.TrimSuffix(text, []byte("\n")), '\n') + 1
	line, ok := strings.CutPrefix(string(text[i:]), signatureMark)
	if !ok {
		return text, nil
	}
	sig, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(line, "\n"))
	if err != nil || sig == nil {
		sig = []byte{}
	}
	return text[:i], sig
}

// text is the signature as it stands in a manifest, empty for none.
func (s signature) text() string { return base64.StdEncoding.EncodeToString(s) }

func (s signature) by(key ed25519.PrivateKey, text []byte) bool {
	return s.valid(key.Public().(ed25519.PublicKey), text)
}

func (s signature) valid(key ed25519.PublicKey, text []byte) bool {
	return s != nil && ed25519.Verify(key, text, s)
}

// NewKey makes a key pair: the private one as PEM (PKCS #8), the public one as it stands in site.yaml and as PEM.
func NewKey() (private []byte, public string, publicPEM []byte, err error) {
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, "", nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, "", nil, err
	}
	private = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	publicPEM, err = PublicPEM(pub)
	return private, PublicText(pub), publicPEM, err
}

// PublicText returns a public key as it stands in site.yaml.
func PublicText(key ed25519.PublicKey) string {
	return "ed25519:" + base64.StdEncoding.EncodeToString(key)
}

// PublicPEM returns a public key as other programs read it.
func PublicPEM(key ed25519.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), err
}

// ParsePublic reads a public key as it stands in site.yaml.
func ParsePublic(text string) (ed25519.PublicKey, error) {
	b64, ok := strings.CutPrefix(text, "ed25519:")
	key, err := base64.StdEncoding.DecodeString(b64)
	if !ok || err != nil || len(key) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("a public key reads ed25519:… as zhendi key prints it")
	}
	return key, nil
}

// ParsePrivate reads a private key. Its errors do not quote it.
func ParsePrivate(text []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("no PEM block: a private key is the file that zhendi key writes")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if k, ok := key.(ed25519.PrivateKey); ok && err == nil {
		return k, nil
	}
	return nil, fmt.Errorf("not an ed25519 private key: it is the file that zhendi key writes")
}
