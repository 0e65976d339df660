// SPDX-License-Identifier: Apache-2.0

// Package progress shows a progress bar on a terminal.
package progress

import (
	"os"
	"sync/atomic"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
	"golang.org/x/term"
)

// A Meter is a progress bar. The zero Meter shows nothing.
type Meter struct {
	writer  progress.Writer
	tracker *progress.Tracker
	done    atomic.Int64
}

// Start shows a bar on a file if it is a terminal. total is the number of rows, negative if it is not known.
func Start(out *os.File, doing string, total int64) *Meter {
	m := &Meter{}
	if !term.IsTerminal(int(out.Fd())) {
		return m
	}
	m.writer = progress.NewWriter()
	m.writer.SetOutputWriter(out)
	m.writer.SetTrackerLength(30)
	m.writer.SetUpdateFrequency(100 * time.Millisecond)
	m.writer.SetStyle(progress.StyleBlocks)
	m.writer.Style().Visibility.TrackerOverall = false
	m.writer.Style().Visibility.Speed = true
	m.writer.Style().Visibility.ETA = total > 0
	m.tracker = &progress.Tracker{Message: doing, Total: max(total, 0), Units: progress.UnitsDefault}
	m.writer.AppendTracker(m.tracker)
	go m.writer.Render()
	return m
}

// Add counts rows. It may be called from any goroutine.
func (m *Meter) Add(rows int64) {
	m.done.Add(rows)
	if m.tracker != nil {
		m.tracker.Increment(rows)
	}
}

// Rows returns the number of rows counted.
func (m *Meter) Rows() int64 { return m.done.Load() }

// Stop removes the bar.
func (m *Meter) Stop() {
	if m.writer == nil {
		return
	}
	m.tracker.MarkAsDone()
	for m.writer.IsRenderInProgress() && m.writer.LengthActive() > 0 {
		time.Sleep(10 * time.Millisecond)
	}
	m.writer.Stop()
}
