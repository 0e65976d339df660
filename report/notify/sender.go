// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/headcount-hll/headcount/report/state"
)

// timeLimit is that of one delivery. It is shorter than the pause before the next one, so that two servers do not deliver at once.
const timeLimit = state.MinRetry / 2 * time.Second

// A Sender delivers the notices of a state file.
type Sender struct {
	DB       *state.DB
	Channels []Channel
	Now      func() time.Time
	Log      *slog.Logger
}

// Run delivers until ctx ends. A channel that does not answer delays no other one, and no run.
func (s *Sender) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, channel := range s.Channels {
		all.Go(func() {
			for ctx.Err() == nil {
				if err := s.Deliver(ctx, channel); err != nil && ctx.Err() == nil {
					s.Log.Error("notices are not read; it will be tried again", "channel", channel.Name(), "error", err)
				}
				select {
				case <-ctx.Done():
				case <-time.After(time.Second):
				}
			}
		})
	}
	all.Wait()
}

// Deliver tries each notice of a channel that is due once. A notice that is not accepted stays; its next delivery is later each time. Errors are
// those of the state file.
func (s *Sender) Deliver(ctx context.Context, channel Channel) error {
	for ctx.Err() == nil {
		n, err := s.DB.ClaimNotice(ctx, channel.Name(), s.Now())
		if err != nil || n == nil {
			return err
		}
		limited, cancel := context.WithTimeout(ctx, timeLimit)
		err = channel.Send(limited, n)
		cancel()
		at := []any{"channel", n.Channel, "report", n.Report, "run", n.Run, "event", event(n), "attempt", n.Attempt}
		if err != nil {
			s.Log.Warn("a notice was not delivered; it will be tried again", append(at, "error", err)...)
			continue
		}
		s.Log.Info("a notice was delivered", at...)
		if err := s.DB.Delivered(context.WithoutCancel(ctx), n.ID); err != nil {
			return err
		}
	}
	return nil
}
