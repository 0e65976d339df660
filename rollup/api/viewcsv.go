// SPDX-License-Identifier: Apache-2.0

package api

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

// table returns a distribution as CSV: a line for each series and bucket.
func (a *distributionAnswer) table() (*answer, error) {
	lines := [][]string{{"series", "bucket", "samples", "share", "cumulative"}}
	for i := range a.Series {
		s := &a.Series[i]
		for at, n := range s.Histogram {
			lines = append(lines, []string{guard(s.Name), a.bucket(at), strconv.FormatInt(n, 10), decimal(&s.Shares[at]), decimal(&s.Cumulative[at])})
		}
	}
	return csvAnswer(lines)
}

func (a *distributionAnswer) bucket(at int) string {
	switch buckets := a.Buckets.(type) {
	case []string:
		return guard(buckets[at])
	case []int64:
		return strconv.FormatInt(buckets[at], 10)
	}
	return fmt.Sprint(at)
}

// table returns an evolution as CSV: a line for each series and date, and for each figure its bounds.
func (a *evolutionAnswer) table() (*answer, error) {
	head := []string{"series", "date", "count", "sum", "samples", "few", "mean", "mean_lower", "mean_upper"}
	var lines [][]string
	percentiles := []percentile{}
	for i := range a.Series {
		for at := range a.Series[i].Points {
			p := &a.Series[i].Points[at]
			if len(p.Percentiles) > len(percentiles) {
				percentiles = p.Percentiles
			}
			lines = append(lines, p.line(a.Series[i].Name))
		}
	}
	for _, p := range percentiles {
		name := "p" + strconv.FormatFloat(p.P, 'g', -1, 64)
		head = append(head, name, name+"_lower", name+"_upper")
	}
	for i := range lines {
		for len(lines[i]) < len(head) {
			lines[i] = append(lines[i], "")
		}
		if a.Over != nil {
			lines[i] = append(lines[i], a.ratioAt(i)...)
		}
	}
	if a.Over != nil {
		head = append(head, "ratio", "ratio_lower", "ratio_upper")
	}
	return csvAnswer(append([][]string{head}, lines...))
}

func (p *evolutionPoint) line(series string) []string {
	line := []string{guard(series), p.Date, strconv.FormatInt(p.Count, 10), strconv.FormatInt(p.Sum, 10), decimal(&p.Samples),
		strconv.FormatBool(p.Few)}
	line = append(line, p.Mean.fields()...)
	for i := range p.Percentiles {
		line = append(line, p.Percentiles[i].fields()...)
	}
	return line
}

// ratioAt returns the ratio of the point that is line i.
func (a *evolutionAnswer) ratioAt(i int) []string {
	for _, s := range a.Series {
		if i < len(s.Points) {
			return s.Points[i].Ratio.fields()
		}
		i -= len(s.Points)
	}
	return nil
}

func (f *figure) fields() []string {
	if f == nil {
		return []string{"", "", ""}
	}
	return []string{decimal(f.Value), decimal(f.Lower), decimal(f.Upper)}
}

func csvAnswer(lines [][]string) (*answer, error) {
	var body strings.Builder
	w := csv.NewWriter(&body)
	if err := w.WriteAll(lines); err != nil {
		return nil, err
	}
	return &answer{contentType: "text/csv; charset=utf-8", body: []byte(body.String()), tag: tag([]byte(body.String())), cacheable: true}, nil
}
