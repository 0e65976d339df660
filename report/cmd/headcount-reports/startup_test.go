// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/pages/pagetest"
)

// firstPaints reads the times by operating system from pings.
func firstPaints(t *testing.T, pings string) map[string][]float64 {
	t.Helper()
	file, err := os.Open(pings)
	require.NoError(t, err)
	defer file.Close()
	times := map[string][]float64{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var ping struct {
			Environment struct {
				System struct{ OS struct{ Name string } }
			}
			Payload struct {
				SimpleMeasurements struct{ FirstPaint float64 }
			}
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &ping))
		system := ping.Environment.System.OS.Name
		times[system] = append(times[system], ping.Payload.SimpleMeasurements.FirstPaint)
	}
	require.NoError(t, lines.Err())
	return times
}

func TestStartup_GivesPercentilesOfThePings(t *testing.T) {
	folder := t.TempDir()
	headcount := func(args ...string) {
		c := exec.CommandContext(t.Context(), "go", append([]string{"run", "./cmd/headcount"}, args...)...)
		c.Dir = "../../.."
		output, err := c.CombinedOutput()
		require.NoError(t, err, "%s", output)
	}
	pings := filepath.Join(folder, "pings.jsonl")
	headcount("generate", "pings", "--clients", "200", "--days", "20", "--size", "2kB", "-o", pings)
	headcount("view", "main_summary", "-o", filepath.Join(folder, "data", "main_summary"), pings)
	report, err := os.ReadFile("../../../reports/startup.md")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "startup.md"), report, 0o600))

	path, err := run(t, filepath.Join(folder, "startup.md"))
	require.NoError(t, err)
	tab := open(t, "dark", path)
	rows := pagetest.Evaluate[[][]any](tab, `data.results.percentiles.rows`)
	times := firstPaints(t, pings)
	require.Len(t, rows, len(times))
	for _, row := range rows {
		of := times[row[0].(string)]
		slices.Sort(of)
		require.EqualValues(t, len(of), row[1])
		for i, p := range []float64{5, 25, 50, 75, 95} {
			place := int(math.Ceil(p / 100 * float64(len(of))))
			require.Equal(t, of[place-1], row[2+i], "percentile %v of %v", p, row[0])
		}
	}
	shares := map[string]float64{}
	for _, row := range pagetest.Evaluate[[][]any](tab, `data.results.distribution.rows`) {
		shares[row[0].(string)] += row[3].(float64)
	}
	require.Len(t, shares, len(times))
	for system, share := range shares {
		require.InDelta(t, 1, share, 1e-9, system)
	}
}
