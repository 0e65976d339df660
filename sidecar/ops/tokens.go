package ops

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"os"
	"strings"
)

// tokens are those that clients may send, as digests: comparing these tells nobody how long a token is or how far a
// guess was right.
type tokens [][sha256.Size]byte

// readTokens reads a file of one token a line. No file: no tokens, and everybody is let in.
func readTokens(path string) (tokens, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("--token-file: %w", err)
	}
	var all tokens
	for line := range strings.Lines(string(text)) {
		if token := strings.TrimSpace(line); token != "" {
			all = append(all, sha256.Sum256([]byte(token)))
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("--token-file %s: no token in it", path)
	}
	return all, nil
}

// allow reports whether a call with these authorization headers may go on.
func (t tokens) allow(authorization []string) bool {
	if t == nil {
		return true
	}
	if len(authorization) != 1 {
		return false
	}
	token, isBearer := strings.CutPrefix(authorization[0], "Bearer ")
	digest, allowed := sha256.Sum256([]byte(token)), 0
	for i := range t {
		allowed |= subtle.ConstantTimeCompare(t[i][:], digest[:])
	}
	return isBearer && allowed == 1
}
