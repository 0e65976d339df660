// SPDX-License-Identifier: Apache-2.0

package process

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"os"
	"strings"
)

// tokens are the accepted bearer tokens, as SHA-256 digests. Comparing digests in constant time reveals neither the
// length of a token nor a common prefix.
type tokens [][sha256.Size]byte

// readTokens reads a file of one token per line. An empty path returns nil, which accepts every call.
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
		return nil, fmt.Errorf("--token-file %s: the file has no token: write one per line", path)
	}
	return all, nil
}

// allow reports whether a call with these authorization headers is authenticated.
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
