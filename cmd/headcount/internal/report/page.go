// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"embed"
	"io"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/cmd/headcount/internal/engagement"
	"github.com/headcount-hll/headcount/internal/pages/disk"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

//go:embed page
var parts embed.FS

var pageTemplate = disk.Template(parts, "page/page.html")

// pageData is the data of the template.
type pageData struct {
	*disk.Document
	Subtitle, TableNote string
	Plots               []plot
	Header              []heading
	Rows                [][]cell
	Figures             *figures
}

type plot struct {
	ID, Heading, Note string
	Days              bool // it shows one day, which the reader chooses
}

type heading struct {
	Name   string
	Number bool
}

type cell struct {
	Plain, Text  string
	Number, Null bool
}

// figures are the data of the plots. A figure is an array of the estimate, the bounds, and the exact value or null. It is
// null on a day without data.
type figures struct {
	Days     []string         `json:"days"` // every calendar day from the first to the last
	Exact    bool             `json:"exact"`
	Segments []*segmentSeries `json:"segments"` // by number of clients, descending
}

type figure []any

type segmentSeries struct {
	Name  string   `json:"name"`
	DAU   []figure `json:"dau,omitempty"`
	WAU   []figure `json:"wau,omitempty"`
	MAU   []figure `json:"mau,omitempty"`
	ER    []figure `json:"er,omitempty"`
	Total figure   `json:"total,omitempty"`

	clients int64 // to sort by
}

// Page writes the figures as one self-contained HTML page with interactive plots and a table.
func (e *Engagement) Page(out io.Writer) error {
	script, err := parts.ReadFile("page/page.js")
	if err != nil {
		return err
	}
	document, err := disk.NewDocument("", "", string(script))
	if err != nil {
		return err
	}
	data := &pageData{Document: document}
	if err := e.fill(data); err != nil {
		return err
	}
	return pageTemplate.Execute(out, data)
}

func (e *Engagement) fill(data *pageData) (err error) {
	withBounds := *e
	withBounds.Bounds = true
	t, err := withBounds.Table()
	if err != nil {
		return err
	}
	for i, name := range t.Header {
		data.Header = append(data.Header, heading{name, t.isNumber(i)})
	}
	for _, row := range t.Rows {
		var cells []cell
		for i, v := range row {
			cells = append(cells, cell{plain(v), forPeople(v), t.isNumber(i), v == nil})
		}
		data.Rows = append(data.Rows, cells)
	}
	data.TableNote = "Figures as SQL gives them, and their bounds."
	by := "of all clients"
	if len(e.Segments) > 0 {
		by = "by " + strings.Join(sortkey.Names(e.Segments), ", ")
	}
	if e.Totals != nil {
		data.Title, data.Plots = "Clients "+by, []plot{{"totals", "Clients over all days", plotNote(e.ExactTotals != nil), false}}
		data.Figures, err = e.totalFigures()
	} else {
		data.Title, data.Plots = "Engagement "+by, timePlots(e.Exact != nil, e.Short)
		data.Figures, err = e.dailyFigures()
	}
	data.Subtitle = e.Subtitle
	return err
}

func plotNote(exact bool) string {
	if exact {
		return "Whiskers are the bounds, diamonds the exact figures."
	}
	return "Whiskers are the bounds."
}

func timePlots(exact, short bool) []plot {
	note := "Bands are the bounds."
	if exact {
		note += " Dotted lines are the exact figures."
	}
	dau := plot{"dau", "Daily active users (DAU)", note, false}
	if short {
		return []plot{dau}
	}
	return []plot{
		dau,
		{"mau", "Monthly active users (MAU)", note, false},
		{"er", "Engagement ratio (DAU/MAU)", note, false},
		{"segments", "Engagement ratio by segment", plotNote(exact), true},
	}
}

// name returns a segment's values for readers.
func (e *Engagement) name(key []byte) (string, error) {
	values, err := sortkey.Decode(nil, key, e.Segments)
	if len(values) == 0 {
		return "all clients", err
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = forPeople(v.Any(e.Segments[i].Type))
	}
	return strings.Join(texts, " · "), err
}

// days returns every calendar day of the points, and the first of them.
func (e *Engagement) days() (days []string, first int32) {
	if len(e.Points) == 0 {
		return []string{}, 0
	}
	byDate := func(a, b engagement.Point) int { return cmp.Compare(a.Date, b.Date) }
	first = slices.MinFunc(e.Points, byDate).Date
	for day := first; day <= slices.MaxFunc(e.Points, byDate).Date; day++ {
		days = append(days, sortkey.FormatDate(day))
	}
	return days, first
}

func (e *Engagement) dailyFigures() (*figures, error) {
	days, first := e.days()
	f := &figures{Days: days, Exact: e.Exact != nil, Segments: []*segmentSeries{}}
	bySegment := map[string]*segmentSeries{}
	for _, p := range e.Points {
		s := bySegment[string(p.Segment)]
		if s == nil {
			name, err := e.name(p.Segment)
			if err != nil {
				return nil, err
			}
			n := len(days)
			s = &segmentSeries{Name: name, DAU: make([]figure, n), WAU: make([]figure, n), MAU: make([]figure, n), ER: make([]figure, n)}
			bySegment[string(p.Segment)] = s
			f.Segments = append(f.Segments, s)
		}
		day := p.Date - first
		exact := exact(e.Exact[string(p.Segment)], p)
		s.DAU[day] = figureOf(p.DAU, exact[0])
		s.clients = p.DAU.Clients
		if p.WAU != nil {
			s.WAU[day] = figureOf(*p.WAU, exact[1])
		}
		if p.MAU != nil {
			s.MAU[day] = figureOf(*p.MAU, exact[2])
			s.clients = p.MAU.Clients
		}
		if p.ER != nil {
			s.ER[day] = figure{p.ER.Value, p.ER.Lower, p.ER.Upper, exact[3]}
		}
	}
	f.sort()
	return f, nil
}

func (e *Engagement) totalFigures() (*figures, error) {
	f := &figures{Days: []string{}, Exact: e.ExactTotals != nil, Segments: []*segmentSeries{}}
	for _, total := range e.Totals {
		name, err := e.name(total.Segment)
		if err != nil {
			return nil, err
		}
		var exact any
		if e.ExactTotals != nil {
			exact = e.ExactTotals[string(total.Segment)]
		}
		f.Segments = append(f.Segments, &segmentSeries{Name: name, Total: figureOf(total.Clients, exact), clients: total.Clients.Clients})
	}
	f.sort()
	return f, nil
}

func (f *figures) sort() {
	slices.SortStableFunc(f.Segments, func(a, b *segmentSeries) int { return cmp.Compare(b.clients, a.clients) })
}

func figureOf(c engagement.Count, exact any) figure {
	return figure{c.Clients, c.Lower, c.Upper, exact}
}
