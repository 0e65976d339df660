// Package metrics counts what a server does, for Prometheus.
package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
)

// Metrics are a server's. Functions are labelled by their spelling, of which there are as many as the table has, or
// [None].
type Metrics struct {
	calls, rows, bytes, groups *prometheus.CounterVec
	seconds                    *prometheus.HistogramVec
}

// None is the function of a call that named none that there is.
const None = "none"

// New registers the metrics.
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
		calls:  counter("calls_total", "Calls that have ended, by function and code.", "function", "code"),
		rows:   counter("rows_total", "Rows taken in.", "function"),
		bytes:  counter("bytes_total", "Bytes of messages, in and out.", "function", "direction"),
		groups: counter("groups_total", "Groups of aggregates that were answered.", "function"),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "headcount_call_seconds", Help: "Seconds from a call's first message to its end.",
			Buckets: []float64{.0001, .001, .01, .1, 1, 10, 100},
		}, []string{"function"}),
	}
	registry.MustRegister(m.seconds)
	gauge("open_calls", "Calls that are open.", budget.Open)
	gauge("memory_bytes", "Bytes that open calls have taken of the limit.", budget.Used)
	return m
}

// A Call is counted while it runs. Its fields are those of one goroutine.
type Call struct {
	Function      string
	Rows, In, Out int
	Groups        int
	Code          string
	started       time.Time
}

// Begin begins a call.
func (m *Metrics) Begin() *Call { return &Call{Function: None, started: time.Now()} }

// End counts a call that has ended, and returns how long it took.
func (m *Metrics) End(c *Call) time.Duration {
	took := time.Since(c.started)
	m.calls.WithLabelValues(c.Function, c.Code).Inc()
	m.rows.WithLabelValues(c.Function).Add(float64(c.Rows))
	m.bytes.WithLabelValues(c.Function, "in").Add(float64(c.In))
	m.bytes.WithLabelValues(c.Function, "out").Add(float64(c.Out))
	m.groups.WithLabelValues(c.Function).Add(float64(c.Groups))
	m.seconds.WithLabelValues(c.Function).Observe(took.Seconds())
	return took
}
