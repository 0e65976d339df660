// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar"
	"github.com/headcount-hll/headcount/sidecar/client"
	"github.com/headcount-hll/headcount/udf"
)

// A work is a call that runs much longer than patience.
type work struct {
	name, function string
	columns        int
	sketch         func() ([]byte, error)
	rows           int
}

var works = []work{
	{"hll_intersection, dense, precision 12", "hll_intersection", 2, func() ([]byte, error) { return dense(0) }, 4096},
	{"hll_intersection, one entry, precision 20", "hll_intersection", 2, oneEntry(20), 65_536},
	{"hll_intersection, one entry, precision 24", "hll_intersection", 2, oneEntry(24), 65_536},
}

// oneEntry returns a sparse sketch of one entry: a short one with 2^precision registers.
func oneEntry(precision int64) func() ([]byte, error) {
	return func() ([]byte, error) {
		f, _ := udf.Find("hll_create", udf.Varchar, udf.Bigint)
		made, err := f.Eval(1, udf.BytesOf(udf.Varchar, []byte("a")), udf.Int64Of(precision))
		if err != nil {
			return nil, err
		}
		return made.Bytes(0), nil
	}
}

// patience is the time after which the client cancels the call.
const patience = 100 * time.Millisecond

// cancelAll cancels calls, and prints how long the sidecar took to end them and to release their memory.
func cancelAll(times int) error {
	folder, err := os.MkdirTemp("", "headcount-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	config := sidecar.Defaults()
	config.Listen, config.Metrics = []string{"unix:" + filepath.Join(folder, "sidecar")}, ""
	server, err := sidecar.Start(config, io.Discard)
	if err != nil {
		return err
	}
	defer server.Stop()
	c, err := client.Dial(config.Listen[0])
	if err != nil {
		return err
	}
	defer c.Close()
	for _, w := range works {
		for way, until := range map[string]func(context.Context) (context.Context, context.CancelFunc){
			"cancelled": func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancel(ctx)
				time.AfterFunc(patience, cancel)
				return ctx, cancel
			},
			"deadline": func(ctx context.Context) (context.Context, context.CancelFunc) {
				return context.WithTimeout(ctx, patience)
			},
		} {
			took, err := w.leave(server, c, times, until)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", w.name, way, err)
			}
			fmt.Printf("%-9s  %-42s the call ends after %.1f ms (median), %.1f ms (maximum of %d)\n", way, w.name, median(took), slices.Max(took), times)
		}
	}
	return nil
}

// leave makes the call and cancels it, and returns how many milliseconds the sidecar continued, for each time.
func (w *work) leave(server *sidecar.Server, c *client.Client, times int,
	until func(context.Context) (context.Context, context.CancelFunc)) (took []float64, err error) {
	schema, batch, err := w.batch()
	if err != nil {
		return nil, err
	}
	for range times {
		ctx, cancel := until(context.Background())
		_, _, err := c.Exchange(ctx, w.function, schema, batch)
		left := time.Now()
		cancel()
		if code := status.Code(err); code != codes.Canceled && code != codes.DeadlineExceeded {
			return nil, fmt.Errorf("not cancelled: %w", err)
		}
		for open, used := server.Usage(); open > 0 || used > 0; open, used = server.Usage() {
			time.Sleep(50 * time.Microsecond)
		}
		took = append(took, float64(time.Since(left).Microseconds())/1e3)
	}
	return took, nil
}

func (w *work) batch() (*arrow.Schema, arrow.Record, error) {
	sketch, err := w.sketch()
	if err != nil {
		return nil, nil, err
	}
	var fields []arrow.Field
	var columns []arrow.Array
	for range w.columns {
		b := array.NewBinaryBuilder(memory.DefaultAllocator, arrow.BinaryTypes.Binary)
		for range w.rows {
			b.Append(sketch)
		}
		fields = append(fields, arrow.Field{Name: "sketch", Type: arrow.BinaryTypes.Binary})
		columns = append(columns, b.NewArray())
	}
	schema := arrow.NewSchema(fields, nil)
	return schema, array.NewRecord(schema, columns, int64(w.rows)), nil
}
