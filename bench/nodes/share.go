// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	cgroups = "/sys/fs/cgroup"
	period  = 100_000 // microseconds; the kernel's default, and that of containers
)

// A share is a control group of one process that bounds its CPU time. In version 2 of the kernel's interface the bound is in cpu.max,
// in version 1 in cpu.cfs_quota_us.
type share struct {
	folder string
	second bool // version 2
}

// newShare makes a control group without a bound and puts a process, with all its threads, into it.
func newShare(name string, process int) (*share, error) {
	s := &share{filepath.Join(cgroups, "cpu", name), false}
	if controllers, err := os.ReadFile(filepath.Join(cgroups, "cgroup.controllers")); err == nil {
		if !strings.Contains(string(controllers), "cpu") {
			return nil, fmt.Errorf("%s has no CPU controller", cgroups)
		}
		s = &share{filepath.Join(cgroups, name), true}
		// Usually it is on already; if not, the write to cpu.max fails below.
		_ = os.WriteFile(filepath.Join(cgroups, "cgroup.subtree_control"), []byte("+cpu"), 0o644)
	}
	if err := os.Mkdir(s.folder, 0o755); err != nil {
		return nil, fmt.Errorf("no control group can be made, which needs root: %w", err)
	}
	if err := errors.Join(s.bound(0), s.write("cgroup.procs", fmt.Sprint(process))); err != nil {
		return nil, errors.Join(err, s.remove())
	}
	return s, nil
}

// bound lets the process have a number of CPUs; 0 is no bound.
func (s *share) bound(cpus float64) error {
	quota := fmt.Sprint(int(cpus * period))
	switch {
	case s.second && cpus == 0:
		return s.write("cpu.max", fmt.Sprintf("max %d", period))
	case s.second:
		return s.write("cpu.max", fmt.Sprintf("%s %d", quota, period))
	case cpus == 0:
		quota = "-1"
	}
	return errors.Join(s.write("cpu.cfs_period_us", fmt.Sprint(period)), s.write("cpu.cfs_quota_us", quota))
}

func (s *share) write(file, text string) error {
	return os.WriteFile(filepath.Join(s.folder, file), []byte(text), 0o644)
}

// remove removes the group once its process has ended.
func (s *share) remove() error {
	var err error
	for range 100 {
		if err = os.Remove(s.folder); err == nil || !errors.Is(err, syscall.EBUSY) {
			return err
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}
