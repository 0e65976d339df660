// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/headcount-hll/headcount/udf/conformance"
)

// rejectsMalformed casts each malformed sketch, as a column and as a constant, and expects an error that names a byte.
// try_cast must return NULL for each of them, and only for them.
func (e engine) rejectsMalformed(t *testing.T, malformed map[string]string) {
	t.Helper()
	lines := []string{"-1,030cc50202"}
	var texts []string
	for text := range malformed {
		lines = append(lines, fmt.Sprintf("%d,%s", len(texts), text))
		texts = append(texts, text)
	}
	e.memoryTable(t, "memory.default.e2e_malformed", "cast(f[1] AS bigint) AS id, from_hex(f[2]) AS bytes", lines)

	parallel(len(texts), func(i int) {
		queries := []string{fmt.Sprintf("SELECT cardinality(cast(bytes AS HLL)) FROM memory.default.e2e_malformed WHERE id = %d", i)}
		if len(texts[i]) < 100 {
			queries = append(queries, fmt.Sprintf("SELECT cast(X'%s' AS HLL)", texts[i]))
		}
		for _, query := range queries {
			name, message := e.failure(t, query)
			assert.Equal(t, "INVALID_CAST_ARGUMENT", name, "%s: %s", malformed[texts[i]], message)
			assert.Regexp(t, `byte \d+`, message, malformed[texts[i]])
		}
	})
	valid := e.rows(t, "SELECT id FROM memory.default.e2e_malformed WHERE try_cast(bytes AS HLL) IS NOT NULL")
	assert.Equal(t, [][]any{{int64(-1)}}, valid, "try_cast")
	e.assertAlive(t)
}

// rejectsArguments calls functions with invalid precisions, and unites sketches of two precisions.
func (e engine) rejectsArguments(t *testing.T, rejected []conformance.Case) {
	t.Helper()
	seen := map[string]bool{}
	var asked []conformance.Case
	for _, c := range rejected {
		if query := asSQL(c.Line); !seen[query] {
			seen[query] = true
			asked = append(asked, c)
		}
	}
	parallel(len(asked), func(i int) {
		name, message := e.failure(t, asSQL(asked[i].Line))
		assert.Equal(t, "INVALID_FUNCTION_ARGUMENT", name, "%s: %s", asked[i].Name, message)
		assert.Contains(t, message, "precision", asked[i].Name)
	})
	e.assertAlive(t)
}

// asSQL returns the query of a request of the conformance protocol that must fail.
func asSQL(line string) string {
	fields := strings.Fields(line)
	sketch := func(field string) string { return fmt.Sprintf("cast(X'%s' AS HLL)", strings.TrimPrefix(field, "-")) }
	switch fields[0] {
	case "create":
		return fmt.Sprintf("SELECT hll_create('a', BIGINT '%s')", fields[1])
	case "empty":
		return fmt.Sprintf("SELECT empty_hll(BIGINT '%s')", fields[1])
	case "reduce":
		return fmt.Sprintf("SELECT hll_reduce(%s, BIGINT '%s')", sketch(fields[2]), fields[1])
	case "union":
		return fmt.Sprintf("SELECT hll_union(%s, %s)", sketch(fields[1]), sketch(fields[2]))
	case "merge":
		values := make([]string, len(fields)-1)
		for i, field := range fields[1:] {
			if values[i] = "CAST(NULL AS HLL)"; field != "null" {
				values[i] = sketch(field)
			}
		}
		return "SELECT merge(s) FROM (VALUES " + strings.Join(values, ", ") + ") AS t(s)"
	}
	return "SELECT no_query_for('" + line + "')"
}

// parallel calls f with 0 to n-1 from several goroutines.
func parallel(n int, f func(i int)) {
	const clients = 4
	var wait sync.WaitGroup
	for first := range clients {
		wait.Go(func() {
			for i := first; i < n; i += clients {
				f(i)
			}
		})
	}
	wait.Wait()
}

func assertAlive(t testing.TB) {
	t.Helper()
	engine{db}.assertAlive(t)
}

// assertAlive runs a query that must succeed.
func (e engine) assertAlive(t testing.TB) {
	t.Helper()
	assert.Equal(t, int64(2), e.value(t, "SELECT cardinality(merge(hll_create(id, 12))) FROM (VALUES 'a', 'b', 'a') AS t(id)"))
}

// memoryTable creates a table in the memory connector. A line holds the fields of a row, separated by commas, without
// spaces. read is the SELECT list that converts the fields f[1], f[2], ... to columns. The rows are in one long string,
// because Trino needs minutes to plan thousands of rows of VALUES.
func (e engine) memoryTable(t testing.TB, name, read string, lines []string) {
	t.Helper()
	const most = 900_000 // characters of a statement; Trino's limit is 1,000,000
	e.rows(t, "DROP TABLE IF EXISTS "+name)
	create := "CREATE TABLE " + name + " AS "
	for len(lines) > 0 {
		length, n := 0, 0
		for n < len(lines) && (n == 0 || length+len(lines[n]) < most) {
			length += len(lines[n]) + 1
			n++
		}
		e.rows(t, fmt.Sprintf("%s SELECT %s FROM (SELECT split(line, ',') FROM UNNEST(split('%s', ' ')) AS u(line)) AS t(f)",
			create, read, strings.Join(lines[:n], " ")))
		create = "INSERT INTO " + name
		lines = lines[n:]
	}
}

func bytesOf(digits string) []byte {
	b, err := hex.DecodeString(digits)
	if err != nil {
		panic(err)
	}
	return b
}
