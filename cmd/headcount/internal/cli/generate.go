// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/internal/pinggen"
)

type generateRun struct {
	path    string
	clients int
	days    int
	start   dayFlag
	size    bytesFlag
	bad     percentFlag
	seed    uint64
}

func generateCommand(streams Streams) *cobra.Command {
	c := &cobra.Command{Use: "generate", Short: "Generate test data"}
	g := generateRun{size: pinggen.DefaultSize}
	_ = g.start.Set("2016-11-01") // a day
	pings := &cobra.Command{
		Use:   "pings",
		Short: "Generate raw pings, one JSON document a line",
		Long: `pings writes pings of realistic size and shape. Clients have a life over time: new and lost ones, versions that they move to. The
same flags give the same bytes.`,
		Example: `  headcount generate pings --clients 1000 --days 30 -o pings.jsonl.zst
  headcount generate pings --size 2kB --bad 0.1% | headcount view client_activity -o activity -`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return g.run(streams) },
	}
	flags := pings.Flags()
	flags.StringVarP(&g.path, "output", "o", "-", "file to write, compressed if its name ends in .gz or .zst; - is the standard output")
	flags.IntVar(&g.clients, "clients", 1000, "clients")
	flags.IntVar(&g.days, "days", 30, "days of submission")
	flags.Var(&g.start, "start", "first day of submission")
	flags.Var(&g.size, "size", "bytes of a ping, about")
	flags.Var(&g.bad, "bad", "broken pings")
	flags.Uint64Var(&g.seed, "seed", 1, "seed")
	c.AddCommand(pings)
	return c
}

func (g *generateRun) run(streams Streams) error {
	o := pinggen.Options{Seed: g.seed, Clients: g.clients, Days: g.days, Size: int(g.size), Bad: float64(g.bad),
		Start: time.Unix(0, 0).UTC().AddDate(0, 0, int(g.start.days))}
	if g.path == "-" {
		_, err := pinggen.Write(streams.Out, o)
		return err
	}
	var n int64
	err := writeWhole(g.path, func(out io.Writer) (err error) {
		w, err := compressed(out, g.path)
		if err != nil {
			return err
		}
		if n, err = pinggen.Write(w, o); err != nil {
			return err
		}
		return w.Close()
	})
	if err == nil {
		_, _ = fmt.Fprintf(streams.Err, "%s: %s pings of %d clients\n", g.path, humanize.Comma(n), g.clients)
	}
	return err
}

type notClosed struct{ io.Writer }

func (notClosed) Close() error { return nil }

// compressed compresses as a file's name says. Closing it does not close out.
func compressed(out io.Writer, name string) (io.WriteCloser, error) {
	switch {
	case strings.HasSuffix(name, ".gz"):
		return gzip.NewWriterLevel(out, gzip.BestSpeed)
	case strings.HasSuffix(name, ".zst"):
		return zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest))
	}
	return notClosed{out}, nil
}
