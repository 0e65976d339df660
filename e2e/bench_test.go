// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkSeedQuery runs the seed query over dense and over sparse sketches. It reports medians of the server's
// statistics: CPU time, peak memory and bytes read.
func BenchmarkSeedQuery(b *testing.B) {
	for _, form := range []struct{ name, table string }{{"dense", "client_count"}, {"sparse", "client_count_sparse"}} {
		b.Run(form.name, func(b *testing.B) {
			query := strings.ReplaceAll(statements(b, "channel_counts.sql")[0], "FROM client_count\n", "FROM "+form.table+"\n")
			var cpu, peak, read []float64
			for b.Loop() {
				marked := query + "\n-- " + strconv.FormatInt(time.Now().UnixNano(), 36)
				rows(b, marked)
				s := statisticsOf(b, marked)
				cpu, peak, read = append(cpu, s.cpu), append(peak, s.peak), append(read, s.read)
			}
			b.ReportMetric(median(cpu), "cpu-ms")
			b.ReportMetric(median(peak)/1e6, "peak-MB")
			b.ReportMetric(median(read)/1e6, "read-MB")
		})
	}
}

// queryStatistics are milliseconds, bytes, and the rows that a query read. network is what workers sent to each other, or tasks of one server.
type queryStatistics struct{ cpu, peak, read, rows, network float64 }

// statisticsOf returns the server's statistics of a finished query, given its text.
func statisticsOf(b testing.TB, query string) queryStatistics {
	b.Helper()
	return statisticsByID(b, value(b, "SELECT query_id FROM system.runtime.queries WHERE query = '"+strings.ReplaceAll(query, "'", "''")+"'").(string))
}

func statisticsByID(b testing.TB, id string) queryStatistics {
	b.Helper()
	request, err := http.NewRequest(http.MethodGet, server.url+"/v1/query/"+id, nil)
	require.NoError(b, err)
	request.Header.Set("X-Trino-User", "e2e")
	response, err := http.DefaultClient.Do(request)
	require.NoError(b, err)
	defer response.Body.Close()
	var info struct {
		QueryStats struct {
			TotalCPUTime, PeakUserMemoryReservation, ProcessedInputDataSize, InternalNetworkInputDataSize string
			ProcessedInputPositions                                                                       float64
		}
	}
	require.NoError(b, json.NewDecoder(response.Body).Decode(&info))
	cpu, err := time.ParseDuration(info.QueryStats.TotalCPUTime)
	require.NoError(b, err)
	return queryStatistics{
		cpu:     float64(cpu.Microseconds()) / 1000,
		peak:    bytesIn(b, info.QueryStats.PeakUserMemoryReservation),
		read:    bytesIn(b, info.QueryStats.ProcessedInputDataSize),
		rows:    info.QueryStats.ProcessedInputPositions,
		network: bytesIn(b, info.QueryStats.InternalNetworkInputDataSize),
	}
}

// bytesIn parses a size in the server's format, 2061320B.
func bytesIn(b testing.TB, size string) float64 {
	b.Helper()
	n, err := strconv.ParseFloat(strings.TrimSuffix(size, "B"), 64)
	require.NoError(b, err)
	return n
}

func median(samples []float64) float64 {
	slices.Sort(samples)
	return samples[len(samples)/2]
}
