package load

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
)

// summariesKept is how many sums of summaries are kept in memory. Tests set it.
var summariesKept = postgres.SummariesKept

// summarize adds the rows of a file to the table summaries. They are sorted by channel, version and metric, so that a metric's rows come
// together.
func summarize(ctx context.Context, tx pgx.Tx, f partial.File) error {
	s, kind := postgres.NewSummaries(summariesKept), f.Kind.String()
	err := eachRow(f, func(r *partial.Row, _ []string) error {
		key := postgres.SummaryKey{Kind: kind, Channel: r.Channel, Version: r.Version, Metric: r.Metric, Date: dateOf(f, r)}
		sum := s.Sum(key, postgres.SummaryTexts{r.Label, r.Process, r.Application, r.Architecture, r.OS})
		sum.Add(r.Histogram, r.Sum, r.Count)
		if !s.Full() {
			return nil
		}
		return s.Flush(ctx, tx)
	})
	if err != nil {
		return err
	}
	return s.Flush(ctx, tx)
}
