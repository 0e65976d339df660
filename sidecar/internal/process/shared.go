// SPDX-License-Identifier: Apache-2.0

package process

import (
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/headcount-hll/headcount/sidecar/internal/sharedmem"
)

// systemFolder is where shared memory is if the folder of the socket is on a disk.
const systemFolder = "/dev/shm"

// callShare is how many calls there may be for each region, and for each exchange that acknowledges its batches. A region is an open
// call, and clients may keep another one open that uses it; so a quarter of the calls is left for those that end soon.
const callShare = 4

// sharedRegions returns the shared memory that is lent to clients of Unix sockets, or nil if there is none.
func sharedRegions(c *Config, log *slog.Logger) *sharedmem.Regions {
	var folders []string
	for _, address := range c.Listen {
		if path, unix := strings.CutPrefix(address, unixPrefix); unix {
			folders = append(folders, filepath.Dir(path))
		}
	}
	// A body in shared memory may have the size of a message.
	most := c.MaxCalls / callShare
	if !c.SharedMemory || len(folders) == 0 || most == 0 || c.MaxMessage < sharedmem.Size {
		return nil
	}
	regions, err := sharedmem.New(most, c.Idle, append(folders, systemFolder)...)
	switch {
	case regions == nil:
		log.Info("no shared memory", "reason", err.Error())
	case err != nil:
		log.Warn("shared memory that a killed sidecar left cannot be removed", "reason", err.Error())
	}
	return regions
}
