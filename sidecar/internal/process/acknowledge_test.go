// SPDX-License-Identifier: Apache-2.0

package process_test

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/flight"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/client"
	"github.com/headcount-hll/headcount/sidecar/internal/process"
)

// ofA is the sketch of the text a.
const ofA = "\x03\x0c\xc5\x02\x02"

// An openMerge is an exchange of merge that acknowledges its batches.
type openMerge struct {
	stream flight.FlightService_DoExchangeClient
	w      *flight.Writer
}

// acknowledging adds the metadata that asks for acknowledgements.
func acknowledging(s *arrow.Schema, asked string) *arrow.Schema {
	m := arrow.NewMetadata([]string{"headcount.acknowledge"}, []string{asked})
	return arrow.NewSchema(s.Fields(), &m)
}

func openAcknowledged(t *testing.T, c *client.Client, function, asked string, columns ...arrow.Array) *openMerge {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	stream, err := c.Flight().DoExchange(ctx)
	require.NoError(t, err)
	schema, _ := batchOf(columns...)
	w := flight.NewRecordWriter(stream, ipc.WithSchema(acknowledging(schema, asked)))
	w.SetFlightDescriptor(&flight.FlightDescriptor{Type: flight.DescriptorPATH, Path: []string{function}})
	return &openMerge{stream: stream, w: w}
}

// add sends a batch, which comes to nothing if the exchange has ended.
func (o *openMerge) add(t *testing.T, columns ...arrow.Array) {
	t.Helper()
	_, b := batchOf(columns...)
	err := o.w.Write(array.NewRecord(acknowledging(b.Schema(), "batches"), b.Columns(), b.NumRows()))
	if !errors.Is(err, io.EOF) { // the exchange has ended: Recv returns its answer
		require.NoError(t, err)
	}
}

// acknowledged receives an acknowledgement: the number of batches that were added, and the bytes of the states.
func (o *openMerge) acknowledged(t *testing.T) (added, bytes uint64) {
	t.Helper()
	m, err := o.stream.Recv()
	require.NoError(t, err)
	require.Len(t, m.AppMetadata, 16)
	assert.Empty(t, m.DataHeader)
	assert.Empty(t, m.DataBody)
	return binary.LittleEndian.Uint64(m.AppMetadata), binary.LittleEndian.Uint64(m.AppMetadata[8:])
}

// answer receives the answer: groups, and their sketches.
func (o *openMerge) answer(t *testing.T) (groups []int64, results []string) {
	t.Helper()
	answers, err := flight.NewRecordReader(o.stream)
	require.NoError(t, err)
	defer answers.Release()
	for answers.Next() {
		r := answers.Record()
		groups = append(groups, r.Column(0).(*array.Int64).Int64Values()...)
		for i := range int(r.NumRows()) {
			results = append(results, string(r.Column(1).(*array.Binary).Value(i)))
		}
	}
	return groups, results
}

// merged is what one exchange without acknowledgements returns.
func merged(t *testing.T, c *client.Client, columns ...arrow.Array) (results []string) {
	t.Helper()
	schema, batch := batchOf(columns...)
	answers, _, err := c.Exchange(t.Context(), "merge", schema, batch)
	require.NoError(t, err)
	for i := range int(answers[0].NumRows()) {
		results = append(results, string(answers[0].Column(1).(*array.Binary).Value(i)))
	}
	return results
}

// sketchOf returns the sketch of one id.
func sketchOf(t *testing.T, c *client.Client, id int64) string {
	t.Helper()
	schema, batch := batchOf(integers(id))
	answers, _, err := c.Exchange(t.Context(), "hll_create", schema, batch)
	require.NoError(t, err)
	return string(answers[0].Column(0).(*array.Binary).Value(0))
}

func TestAcknowledge_EachBatchThenTheAnswer(t *testing.T) {
	p, c, _ := startShared(t, nil)
	one, two, three := sketchOf(t, c, 1), sketchOf(t, c, 2), sketchOf(t, c, 3)
	o := openAcknowledged(t, c, "merge", "batches", integers(), sketches())
	o.add(t, integers(7, 5), sketches(one, two))
	added, first := o.acknowledged(t)
	assert.Equal(t, uint64(1), added)
	assert.Greater(t, first, uint64(len(one)+len(two)))
	o.add(t, integers(5, 6, 7), sketches(three, one, three))
	added, second := o.acknowledged(t)
	assert.Equal(t, uint64(2), added)
	assert.Greater(t, second, first)
	require.NoError(t, o.stream.CloseSend())
	groups, results := o.answer(t)
	assert.Equal(t, []int64{7, 5, 6}, groups)
	assert.Equal(t, merged(t, c, integers(7, 5, 5, 6, 7), sketches(one, two, three, one, three)), results)
	assert.Eventually(t, func() bool { open, used := p.Usage(); return open == 0 && used == 0 }, 10*time.Second, time.Millisecond)
}

// What ends the exchange before its client has the answer of what was acknowledged.
func TestAcknowledge_AnswersBeforeItHasToEnd(t *testing.T) {
	t.Run("since no batch comes", func(t *testing.T) {
		p, c, _ := startShared(t, func(c *process.Config) { c.Idle = 2 * time.Second })
		endsEarly(t, c, func(*openMerge) {})
		assert.Eventually(t, func() bool { open, used := p.Usage(); return open == 0 && used == 0 }, 10*time.Second, time.Millisecond)
		works(t, c)
	})
	t.Run("since the sidecar stops", func(t *testing.T) {
		p, c, _ := startShared(t, nil)
		endsEarly(t, c, func(*openMerge) { p.Stop() })
	})
	t.Run("since there is no memory for more groups", func(t *testing.T) {
		p, c, _ := startShared(t, func(c *process.Config) {
			c.MaxMessage, c.MaxMemory, c.MaxCalls, c.MaxRows, c.SharedMemory = 2<<20, 16<<20, 4, 200_000, false
		})
		endsEarly(t, c, func(o *openMerge) {
			many := make([]string, 110_000)
			for i := range many {
				many[i] = ofA
			}
			o.add(t, integers(count(len(many))...), sketches(many...))
		})
		assert.Eventually(t, func() bool { open, used := p.Usage(); return open == 0 && used == 0 }, 10*time.Second, time.Millisecond)
		works(t, c)
	})
	t.Run("since there are too many groups", func(t *testing.T) {
		_, c, _ := startShared(t, func(c *process.Config) { c.MaxGroups = 3 })
		endsEarly(t, c, func(o *openMerge) {
			o.add(t, integers(1, 2, 3, 4, 5), sketches(ofA, ofA, ofA, ofA, ofA))
		})
	})
	t.Run("since a batch has too many rows", func(t *testing.T) {
		_, c, _ := startShared(t, func(c *process.Config) { c.MaxRows = 4 })
		endsEarly(t, c, func(o *openMerge) {
			o.add(t, integers(1, 2, 3, 4, 5), sketches(ofA, ofA, ofA, ofA, ofA))
		})
	})
}

// The answer may take longer than the rest of the idle timeout, as long as the client reads it.
func TestAcknowledge_AnEarlyAnswerMayTakeLong(t *testing.T) {
	_, c, _ := startShared(t, func(c *process.Config) { c.Idle = 2 * time.Second })
	dense := []byte{2, 16}
	for i := range 1 << 16 {
		dense = append(dense, byte(1+i%40))
	}
	const groups = 320 // of 64 KiB: an answer of five messages or more
	many := slices.Repeat([]string{string(dense)}, groups)
	o := openAcknowledged(t, c, "merge", "batches", integers(), sketches())
	o.add(t, integers(count(groups)...), sketches(many...))
	added, _ := o.acknowledged(t)
	assert.Equal(t, uint64(1), added)
	for i := 0; ; i++ {
		m, err := o.stream.Recv()
		if err != nil {
			require.ErrorIs(t, err, io.EOF)
			assert.Greater(t, i, 5)
			break
		}
		if i > 0 {
			assert.Greater(t, len(m.DataBody), 64<<10)
			time.Sleep(700 * time.Millisecond)
		}
	}
}

// A quarter of the calls may acknowledge their batches. More are answered at once, so that their clients send the rows elsewhere.
func TestAcknowledge_LeavesCallsForOthers(t *testing.T) {
	p, c, _ := startShared(t, func(c *process.Config) { c.MaxCalls = 8 })
	var opened []*openMerge
	for range 2 {
		o := openAcknowledged(t, c, "merge", "batches", integers(), sketches())
		o.add(t, integers(1), sketches(ofA))
		added, _ := o.acknowledged(t)
		assert.Equal(t, uint64(1), added)
		opened = append(opened, o)
	}
	more := openAcknowledged(t, c, "merge", "batches", integers(), sketches())
	more.add(t, integers(1), sketches(ofA))
	groups, _ := more.answer(t)
	assert.Empty(t, groups)
	for _, o := range opened {
		require.NoError(t, o.stream.CloseSend())
		groups, results := o.answer(t)
		assert.Equal(t, []int64{1}, groups)
		assert.Equal(t, []string{ofA}, results)
	}
	assert.Eventually(t, func() bool { open, used := p.Usage(); return open == 0 && used == 0 }, 10*time.Second, time.Millisecond)
	endsEarly(t, c, func(o *openMerge) { require.NoError(t, o.stream.CloseSend()) })
}

// endsEarly sends a batch, does what ends the exchange, and reads the answer.
func endsEarly(t *testing.T, c *client.Client, end func(*openMerge)) {
	t.Helper()
	one, two := sketchOf(t, c, 1), sketchOf(t, c, 2)
	want := merged(t, c, integers(0, -1, -1), sketches(two, one, two))
	o := openAcknowledged(t, c, "merge", "batches", integers(), sketches())
	o.add(t, integers(0, -1, -1), sketches(two, one, two))
	added, _ := o.acknowledged(t)
	assert.Equal(t, uint64(1), added)
	end(o)
	groups, results := o.answer(t)
	_, err := o.stream.Recv()
	assert.ErrorIs(t, err, io.EOF, "it ended without an error")
	require.GreaterOrEqual(t, len(groups), 2)
	assert.Equal(t, []int64{0, -1}, groups[:2])
	assert.Equal(t, want[1], results[1])
	if slices.Contains([]string{ofA, ""}, results[len(results)-1]) { // a part of the batch that was not acknowledged, or nothing of it
		want[0] = merged(t, c, integers(0, 0, 0), sketches(two, ofA, want[0]))[0]
		results[0] = merged(t, c, integers(0, 0), sketches(results[0], ofA))[0]
	}
	assert.Equal(t, want[0], results[0])
}

// A batch that names memory which is not there is not added, and the exchange goes on.
func TestAcknowledge_ABatchMayNameItsMemory(t *testing.T) {
	p, c, folder := startShared(t, nil)
	r, err := borrowAs(t, c, folder, "kept acknowledge")
	require.NoError(t, err)
	token, err := hex.DecodeString(r.token)
	require.NoError(t, err)
	one, two := sketchOf(t, c, 1), sketchOf(t, c, 2)
	want := merged(t, c, integers(7, 7), sketches(one, two))
	schema, batch := mergeMessages(t, integers(7, 7), sketches(one, two))
	o := openAcknowledged(t, c, "merge", "batches", integers(), sketches())
	require.NoError(t, o.stream.Send(schema))
	body := batch.DataBody
	send := func(kind uint64, token []byte, parts []byte, sent []byte) uint64 {
		all := append(binary.LittleEndian.AppendUint64(nil, kind), token...)
		require.NoError(t, o.stream.Send(&flight.FlightData{DataHeader: batch.DataHeader, AppMetadata: append(all, parts...), DataBody: sent}))
		added, _ := o.acknowledged(t)
		return added
	}
	assert.Equal(t, uint64(0), send(2, make([]byte, 32), place(64, uint64(len(body))), nil), "no such memory")
	assert.Equal(t, uint64(0), send(3, token, place(64, uint64(len(body))), nil), "nothing is kept")
	_, err = r.file.WriteAt(body, 64)
	require.NoError(t, err)
	assert.Equal(t, uint64(1), send(2, token, place(64, uint64(len(body))), nil))
	assert.Equal(t, uint64(2), send(3, token, place(64+8, uint64(len(body)-8)), body[:8]), "the rest is kept")
	r.cancel()
	last := uint64(2)
	assert.Eventually(t, func() bool {
		added := send(3, token, place(64+8, uint64(len(body)-8)), body[:8])
		again := added == last
		last = added
		return again
	}, 10*time.Second, time.Millisecond, "what is not there any more is not added")
	require.NoError(t, o.stream.CloseSend())
	groups, results := o.answer(t)
	assert.Equal(t, []int64{7}, groups)
	assert.Equal(t, want, results)
	released(t, p, folder)
}

// A sidecar that lends no memory does not add a batch either that names some.
func TestAcknowledge_ABatchMayNameMemoryThatIsLentNoMore(t *testing.T) {
	_, c, _ := startShared(t, func(c *process.Config) { c.SharedMemory = false })
	schema, batch := mergeMessages(t, integers(7), sketches(ofA))
	o := openAcknowledged(t, c, "merge", "batches", integers(), sketches())
	require.NoError(t, o.stream.Send(schema))
	named := append(binary.LittleEndian.AppendUint64(nil, 2), make([]byte, 32)...)
	named = append(named, place(64, uint64(len(batch.DataBody)))...)
	require.NoError(t, o.stream.Send(&flight.FlightData{DataHeader: batch.DataHeader, AppMetadata: named}))
	added, _ := o.acknowledged(t)
	assert.Equal(t, uint64(0), added)
	require.NoError(t, o.stream.Send(batch))
	added, _ = o.acknowledged(t)
	assert.Equal(t, uint64(1), added)
	require.NoError(t, o.stream.CloseSend())
	_, results := o.answer(t)
	assert.Equal(t, []string{ofA}, results)
}

func mergeMessages(t *testing.T, columns ...arrow.Array) (schema, batch *flight.FlightData) {
	t.Helper()
	s, b := batchOf(columns...)
	s = acknowledging(s, "batches")
	var sent kept
	w := flight.NewRecordWriter(&sent, ipc.WithSchema(s))
	w.SetFlightDescriptor(&flight.FlightDescriptor{Type: flight.DescriptorPATH, Path: []string{"merge"}})
	require.NoError(t, w.Write(array.NewRecord(s, b.Columns(), b.NumRows())))
	require.Len(t, sent, 2)
	return sent[0], sent[1]
}

func TestAcknowledge_RejectsWhatIsNoUnion(t *testing.T) {
	_, c, _ := startShared(t, nil)
	for _, each := range []struct {
		function, asked, want string
		columns               []arrow.Array
	}{
		{"merge", "rows", "must be batches", []arrow.Array{integers(), sketches()}},
		{"cardinality", "batches", "no aggregate", []arrow.Array{sketches()}},
		{"aggregate_histograms", "batches", "counts a row twice", []arrow.Array{integers(), histograms()}},
	} {
		o := openAcknowledged(t, c, each.function, each.asked, each.columns...)
		_, b := batchOf(each.columns...)
		_ = o.w.Write(array.NewRecord(acknowledging(b.Schema(), each.asked), b.Columns(), 0)) // Recv returns the error
		_, err := o.stream.Recv()
		assert.Equal(t, codes.InvalidArgument, status.Code(err), "%s: %v", each.function, err)
		assert.ErrorContains(t, err, each.want)
	}
	// An error of a row ends it, as any other aggregate.
	o := openAcknowledged(t, c, "merge", "batches", integers(), sketches())
	o.add(t, integers(1, 1), sketches(empty, "\x09"))
	_, err := o.stream.Recv()
	assert.ErrorContains(t, err, "row 1: ")
}

func histograms() arrow.Array {
	b := array.NewListBuilder(memory.DefaultAllocator, arrow.PrimitiveTypes.Int64)
	defer b.Release()
	return b.NewArray()
}
