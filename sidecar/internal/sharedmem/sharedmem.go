// SPDX-License-Identifier: Apache-2.0

// Package sharedmem holds memory into which a client on the same machine writes the bodies of its batches, so that they
// do not cross the socket.
//
// A region is a file of mode 0600 on a tmpfs: only a client of the same user can open it. Its pages are allocated when
// it is created, and it does not grow. The sidecar never maps it: it copies a body with one read before it looks at a
// byte, so a client that writes or truncates meanwhile changes what it has asked, or gets an error. It keeps the copies
// until bodies at the same place replace them, so that a later call can use the bytes again. A region is known by its token,
// which only its own client is told. With its copies, a region takes up to twice its size.
//
// A sidecar that was killed leaves the names of files that no client has opened yet, with their memory. Each file is therefore locked as
// long as its sidecar lives, and the next sidecar with this folder removes those that are not.
package sharedmem

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Size is the size of a region in bytes: the batches of an exchange.
const Size = 8 << 20

// filePrefix begins the names of the files, and is followed by what rand.Text returns.
const filePrefix = "headcount-"

// TokenSize is the size of a token in bytes.
const TokenSize = 32

// Regions are the regions of one sidecar. They may be used from several goroutines.
type Regions struct {
	folder  string
	idle    time.Duration
	most    int
	stopped chan struct{}
	stop    func()

	mu      sync.Mutex
	byToken map[string]*Region
}

// A Region is memory of one client.
type Region struct {
	Name  string // of its file, until the client has removed it
	Token string // in hexadecimal. The file begins with its bytes

	file  *os.File
	users atomic.Int64
	used  atomic.Int64 // when it was used last, in nanoseconds

	copies copies
}

// ErrTooMany is the error of a Create when there are as many regions as there may be.
var ErrTooMany = errors.New("too many regions of shared memory")

// New returns an empty set of at most most regions, in the first folder that is on a tmpfs, or nil and the error that there is none. It removes
// what a killed sidecar has left there; if that fails, it returns the set and an error. A region may be unused for the time idle.
func New(most int, idle time.Duration, folders ...string) (*Regions, error) {
	for _, folder := range folders {
		if isTmpfs(folder) {
			r := &Regions{folder: folder, idle: idle, most: most, stopped: make(chan struct{}), byToken: map[string]*Region{}}
			r.stop = sync.OnceFunc(func() { close(r.stopped) })
			return r, removeLeft(folder)
		}
	}
	return nil, fmt.Errorf("none of %q is on a tmpfs", folders)
}

// Stop ends every Wait. Calls that use a region continue.
func (r *Regions) Stop() { r.stop() }

// Create creates a region. Its creator is a user of it, and must call Remove.
func (r *Regions) Create() (*Region, error) {
	token := make([]byte, TokenSize)
	if _, err := rand.Read(token); err != nil {
		return nil, err
	}
	g := &Region{Name: filePrefix + rand.Text(), Token: hex.EncodeToString(token), copies: copies{held: make(chan struct{}, 1)}}
	file, err := os.OpenFile(filepath.Join(r.folder, g.Name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	g.file = file
	g.users.Store(1)
	g.used.Store(time.Now().UnixNano())
	if err = lock(file); err == nil {
		err = allocate(file, Size)
	}
	if err == nil {
		_, err = file.WriteAt(token, 0)
	}
	if err != nil {
		return nil, errors.Join(err, r.unlink(g), g.Release())
	}
	if !r.add(g) {
		return nil, errors.Join(ErrTooMany, r.unlink(g), g.Release())
	}
	return g, nil
}

// removeLeft removes the files of regions in a folder whose sidecar has ended.
func removeLeft(folder string) error {
	paths, err := filepath.Glob(filepath.Join(folder, filePrefix+strings.Repeat("[A-Z2-7]", len(rand.Text()))))
	for _, path := range paths {
		if isLeft(path) {
			err = errors.Join(err, os.Remove(path))
		}
	}
	return err
}

func (r *Regions) add(g *Region) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.byToken) >= r.most {
		return false
	}
	r.byToken[g.Token] = g
	return true
}

// Remove removes a region: no further call finds it.
func (r *Regions) Remove(g *Region) error {
	r.mu.Lock()
	delete(r.byToken, g.Token)
	r.mu.Unlock()
	return errors.Join(r.unlink(g), g.Release())
}

// unlink removes the file's name. A client does so too, once it has opened the file.
func (r *Regions) unlink(g *Region) error {
	if err := os.Remove(filepath.Join(r.folder, g.Name)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Find returns the region of a token, or nil. The caller is a user of it, and must call Release.
func (r *Regions) Find(token string) *Region {
	r.mu.Lock()
	defer r.mu.Unlock()
	g := r.byToken[token]
	if g != nil {
		g.users.Add(1)
		g.used.Store(time.Now().UnixNano())
	}
	return g
}

// Wait returns when done is closed, after Stop, or when the region has been unused for too long.
func (r *Regions) Wait(g *Region, done <-chan struct{}) {
	for {
		left := r.idle - time.Since(time.Unix(0, g.used.Load()))
		if left <= 0 {
			return
		}
		select {
		case <-done:
			return
		case <-r.stopped:
			return
		case <-time.After(left):
		}
	}
}

// Release removes a user. Without users, the memory is free once the client has unmapped it.
func (g *Region) Release() error {
	if g.users.Add(-1) > 0 {
		return nil
	}
	return g.file.Close()
}
