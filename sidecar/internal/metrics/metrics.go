// SPDX-License-Identifier: Apache-2.0

// Package metrics counts the calls of a sidecar, for Prometheus.
package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
)

// Metrics holds the counters of a sidecar. The function label is the spelling of a signature, or [None], so the number
// of label values is fixed.
type Metrics struct {
	calls, rows, bytes, kept, groups *prometheus.CounterVec
	seconds                          *prometheus.HistogramVec
}

// None is the function label of a call that named no function, or an unknown one.
const None = "none"

// New registers the metrics with a registry, and those of the budget.
func New(registry prometheus.Registerer, budget *admission.Budget) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "headcount_" + name, Help: help}, labels)
		registry.MustRegister(c)
		return c
	}
	gauge := func(name, help string, value func() int64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "headcount_" + name, Help: help},
			func() float64 { return float64(value()) }))
	}
	m := &Metrics{
		calls:  counter("calls_total", "Ended calls, by function and code.", "function", "code"),
		rows:   counter("rows_total", "Rows received.", "function"),
		bytes:  counter("bytes_total", "Bytes of messages, received (in) and sent (out).", "function", "direction"),
		kept:   counter("kept_bytes_total", "Bytes of batches that were kept from earlier calls and not received again.", "function"),
		groups: counter("groups_total", "Groups returned by aggregates.", "function"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "headcount_call_seconds", Help: "Duration of a call in seconds.",
			Buckets: []float64{.0001, .001, .01, .1, 1, 10, 100},
		}, []string{"function"}),
	}
	registry.MustRegister(m.seconds)
	gauge("open_calls", "Open calls.", budget.Open)
	gauge("memory_bytes", "Bytes that open calls have reserved of --max-memory.", budget.Used)
	return m
}

// A Call collects the counts of one call while it runs. It is used by one goroutine.
type Call struct {
	Function      string
	Rows, In, Out int
	Kept          int // bytes of batches that were not received again
	Groups        int
	Code          string
	started       time.Time
}

// Begin starts the clock of a call.
func (m *Metrics) Begin() *Call { return &Call{Function: None, started: time.Now()} }

// End adds an ended call to the metrics, and returns its duration.
func (m *Metrics) End(c *Call) time.Duration {
	took := time.Since(c.started)
	m.calls.WithLabelValues(c.Function, c.Code).Inc()
	m.rows.WithLabelValues(c.Function).Add(float64(c.Rows))
	m.bytes.WithLabelValues(c.Function, "in").Add(float64(c.In))
	m.bytes.WithLabelValues(c.Function, "out").Add(float64(c.Out))
	m.kept.WithLabelValues(c.Function).Add(float64(c.Kept))
	m.groups.WithLabelValues(c.Function).Add(float64(c.Groups))
	m.seconds.WithLabelValues(c.Function).Observe(took.Seconds())
	return took
}
