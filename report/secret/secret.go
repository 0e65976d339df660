// SPDX-License-Identifier: Apache-2.0

// Package secret reads passwords, tokens and connection strings from files.
package secret

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// maxSize is the largest file that is read, in bytes.
const maxSize = 64 << 10

// Read returns the text of a file without the line end at its end. Other white space is part of the secret. An error names the setting
// that has the file's name, and the file, never its text. An empty file is an error.
func Read(setting, path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", setting, err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSize+1))
	if err != nil {
		return "", fmt.Errorf("%s: %w", setting, err)
	}
	if len(text) > maxSize {
		return "", fmt.Errorf("%s: %s is larger than %d bytes: it is not a file of a secret", setting, path, maxSize)
	}
	secret := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if strings.TrimSpace(secret) == "" {
		return "", fmt.Errorf("%s: %s is empty: write the secret into it", setting, path)
	}
	return secret, nil
}
