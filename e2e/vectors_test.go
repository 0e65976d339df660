// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/udf/conformance"
)

// This file runs the vectors in SQL. It stores the requests of the conformance protocol in two tables of the memory
// connector, runs one query for each kind of request, and checks the answers with the matchers of package conformance.
// The compatible estimate is not an SQL function; cardinality is its truncation.

// answering maps a kind of request to a query that returns the rows (request, answer).
var answering = map[string]string{
	"check": `SELECT r.request, if(cast(cast(b.bytes AS HLL) AS varbinary) = b.bytes, 'ok', 'changed')
		FROM memory.default.e2e_requests r JOIN memory.default.e2e_blobs b ON r.blob = b.id WHERE r.kind = 'check'`,
	"precision": `SELECT r.request, hll_precision(cast(b.bytes AS HLL))
		FROM memory.default.e2e_requests r JOIN memory.default.e2e_blobs b ON r.blob = b.id WHERE r.kind = 'precision'`,
	"cardinality": `SELECT r.request, cardinality(cast(b.bytes AS HLL))
		FROM memory.default.e2e_requests r JOIN memory.default.e2e_blobs b ON r.blob = b.id WHERE r.kind = 'cardinality'`,
	"linear": `SELECT r.request, cardinality(cast(from_hex('02' || lpad(to_base(r.p, 16), 2, '0')
			|| rpad('', 2 * r.blob, '00') || rpad('', 2 * (cast(pow(2, r.p) AS bigint) - r.blob), '01')) AS HLL))
		FROM memory.default.e2e_requests r WHERE r.kind = 'linear'`,
	"create": `SELECT r.request, cast(hll_create(from_utf8(b.bytes), r.p) AS varbinary)
		FROM memory.default.e2e_requests r JOIN memory.default.e2e_blobs b ON r.blob = b.id WHERE r.kind = 'create'`,
	"create-from-bytes": `SELECT r.request, cast(hll_agg(b.bytes, r.p) AS varbinary)
		FROM memory.default.e2e_requests r JOIN memory.default.e2e_blobs b ON r.blob = b.id WHERE r.kind = 'create-from-bytes' GROUP BY r.request`,
	"build": `SELECT r.request, cast(merge(hll_create(from_utf8(b.bytes), r.p)) AS varbinary)
		FROM memory.default.e2e_requests r JOIN memory.default.e2e_blobs b ON r.blob = b.id WHERE r.kind = 'build' GROUP BY r.request`,
	"build-at-once": `SELECT r.request, cast(hll_agg(b.bytes, r.p) AS varbinary)
		FROM memory.default.e2e_requests r JOIN memory.default.e2e_blobs b ON r.blob = b.id WHERE r.kind = 'build-at-once' GROUP BY r.request`,
	"empty": `SELECT r.request, cast(empty_hll(r.p) AS varbinary) FROM memory.default.e2e_requests r WHERE r.kind = 'empty'`,
	"reduce": `SELECT r.request, cast(hll_reduce(cast(b.bytes AS HLL), r.p) AS varbinary)
		FROM memory.default.e2e_requests r JOIN memory.default.e2e_blobs b ON r.blob = b.id WHERE r.kind = 'reduce'`,
	"union": `SELECT r.request, cast(hll_union(cast(x.bytes AS HLL), cast(y.bytes AS HLL)) AS varbinary)
		FROM memory.default.e2e_requests r JOIN memory.default.e2e_requests s ON r.request = s.request AND r.position = 0 AND s.position = 1
		JOIN memory.default.e2e_blobs x ON r.blob = x.id JOIN memory.default.e2e_blobs y ON s.blob = y.id WHERE r.kind = 'union'`,
	"merge": `SELECT r.request, cast(merge(cast(b.bytes AS HLL)) AS varbinary)
		FROM memory.default.e2e_requests r LEFT JOIN memory.default.e2e_blobs b ON r.blob = b.id WHERE r.kind = 'merge' GROUP BY r.request`,
}

// Maximum lengths of requests, in characters. A vector with a longer request also has shorter ones.
const (
	longestBuild = 36_000  // 1,000 ids
	longest      = 150_000 // a dense sketch of precision 16
)

// sqlRequests holds the requests of the vectors in the form of the two tables.
type sqlRequests struct {
	cases    []conformance.Case
	requests []string       // rows of e2e_requests
	blobs    map[string]int // bytes in hex -> id
	inSQL    map[string]int // number of requests of each kind

	malformed map[string]string // bytes in hex -> vector
	rejected  []conformance.Case
	answered  map[string]bool // file/vector
	all       map[string]bool
}

func readRequests(t *testing.T) *sqlRequests {
	t.Helper()
	s := &sqlRequests{
		blobs: map[string]int{}, inSQL: map[string]int{}, malformed: map[string]string{},
		answered: map[string]bool{}, all: map[string]bool{},
	}
	for _, file := range conformance.Files {
		_, err := conformance.EachCase(file, func(c conformance.Case) error {
			vector := c.Name[:strings.LastIndexByte(c.Name, '/')]
			s.all[vector] = true
			if s.take(file, c) {
				s.answered[vector] = true
			}
			return nil
		})
		require.NoError(t, err)
	}
	return s
}

// take adds a case, and reports whether it can be asked in SQL.
func (s *sqlRequests) take(file string, c conformance.Case) bool {
	fields := strings.Fields(c.Line)
	kind, arguments := fields[0], fields[1:]
	if wanted, isRejected := c.Want.(conformance.Rejected); isRejected {
		return s.takeRejected(wanted, c, kind, arguments)
	}
	switch {
	case kind == "estimate", kind == "build" && len(c.Line) > longestBuild:
		return false
	case file == "linear":
		p, err := strconv.ParseInt(arguments[0][2:4], 16, 64)
		zeros := strings.Count(spaced(arguments[0][4:]), "00")
		s.add("linear", c, p, strconv.Itoa(zeros))
		return err == nil
	case len(c.Line) > longest:
		return false
	}
	p := int64(0)
	switch kind {
	case "create", "build", "reduce", "empty":
		p, _ = strconv.ParseInt(arguments[0], 10, 64)
		arguments = arguments[1:]
	}
	switch {
	case kind == "create" && !isText(arguments[0]):
		kind = "create-from-bytes"
	case kind == "build":
		s.add("build-at-once", c, p, s.ids(arguments)...)
	}
	s.add(kind, c, p, s.ids(arguments)...)
	return true
}

func (s *sqlRequests) takeRejected(wanted conformance.Rejected, c conformance.Case, kind string, arguments []string) bool {
	switch {
	case wanted.Code == conformance.Malformed && kind == "check":
		vector := c.Name[:strings.LastIndexByte(c.Name, '/')]
		s.malformed[strings.TrimPrefix(arguments[0], "-")] = vector
		return true
	case wanted.Code == conformance.Malformed, kind == "build", len(c.Line) > longest:
		return false // in SQL only the cast gets unchecked bytes
	}
	s.rejected = append(s.rejected, c)
	return true
}

func (s *sqlRequests) add(kind string, c conformance.Case, p int64, blobs ...string) {
	request := len(s.cases)
	s.cases = append(s.cases, c)
	s.inSQL[kind]++
	if len(blobs) == 0 {
		blobs = []string{""}
	}
	for position, blob := range blobs {
		s.requests = append(s.requests, fmt.Sprintf("%d,%s,%d,%d,%s", request, kind, position, p, blob))
	}
}

// ids returns the ids of byte strings in e2e_blobs, "" for NULL.
func (s *sqlRequests) ids(fields []string) []string {
	out := make([]string, len(fields))
	for i, field := range fields {
		if field == "null" {
			continue
		}
		text := strings.TrimPrefix(field, "-")
		if _, known := s.blobs[text]; !known {
			s.blobs[text] = len(s.blobs)
		}
		out[i] = strconv.Itoa(s.blobs[text])
	}
	return out
}

// spaced puts a space after each byte, so that a search for "00" does not match across two bytes.
func spaced(digits string) string {
	var out strings.Builder
	for i := 0; i < len(digits); i += 2 {
		out.WriteString(digits[i:i+2] + " ")
	}
	return out.String()
}

func isText(field string) bool {
	return utf8.Valid(bytesOf(strings.TrimPrefix(field, "-")))
}

func TestVectors_InSQL(t *testing.T) { engine{db}.answersEveryVector(t) }

func (e engine) answersEveryVector(t *testing.T) {
	s := readRequests(t)
	s.load(t, e)
	asked := 0
	for kind, query := range answering {
		t.Run(kind, func(t *testing.T) {
			answers := e.rows(t, query)
			assert.Len(t, answers, s.inSQL[kind], "one answer per request")
			assert.NotEmpty(t, answers)
			for _, row := range answers {
				c := s.cases[row[0].(int64)]
				if err := c.Want.Check(protocolAnswer(row[1])); err != nil {
					t.Error(conformance.Failure{Case: c, Answer: protocolAnswer(row[1]), Why: err})
				}
			}
			asked += len(answers)
		})
	}
	t.Run("malformed", func(t *testing.T) { e.rejectsMalformed(t, s.malformed) })
	t.Run("rejected", func(t *testing.T) { e.rejectsArguments(t, s.rejected) })
	t.Run("every vector", func(t *testing.T) {
		for vector := range s.all {
			assert.True(t, s.answered[vector], "%s has no query", vector)
		}
	})
	t.Logf("%d vectors, %d requests answered, %d malformed sketches and %d requests rejected",
		len(s.all), asked, len(s.malformed), len(s.rejected))
}

// protocolAnswer formats an SQL value as an answer of the conformance protocol.
func protocolAnswer(v any) string {
	switch v := v.(type) {
	case nil:
		return "ok null"
	case []byte:
		return fmt.Sprintf("ok %x", v)
	case int64:
		return fmt.Sprintf("ok %d", v)
	default:
		return fmt.Sprint(v)
	}
}

// load creates the tables. The functions get columns from tables, because Trino folds constants.
func (s *sqlRequests) load(t *testing.T, e engine) {
	t.Helper()
	blobs := make([]string, 0, len(s.blobs))
	for text, id := range s.blobs {
		blobs = append(blobs, fmt.Sprintf("%d,%s", id, text))
	}
	e.memoryTable(t, "memory.default.e2e_blobs", "cast(f[1] AS bigint) AS id, from_hex(f[2]) AS bytes", blobs)
	e.memoryTable(t, "memory.default.e2e_requests", "cast(f[1] AS bigint) AS request, f[2] AS kind, "+
		"cast(f[3] AS bigint) AS position, cast(f[4] AS bigint) AS p, try_cast(f[5] AS bigint) AS blob", s.requests)
}
