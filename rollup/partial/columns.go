package partial

import (
	"encoding/binary"
	"math"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/metadata"

	"github.com/headcount-hll/headcount/internal/parquetpages"
)

// Definition levels of a flat column.
const (
	nullLevel  = 0
	valueLevel = 1
	levelBits  = 1
)

// A textColumn has a dictionary of its values: there are few in a row group, and rows that follow each other have the same.
type textColumn struct {
	codes  []int32 // of the values that are not NULL
	levels []int32 // of all rows; nil as long as none is NULL
	index  map[string]int32
	values []string
	last   int32 // the code that was given last
}

// add appends a value.
func (c *textColumn) add(value string) {
	if c.levels != nil {
		c.levels = append(c.levels, valueLevel)
	}
	if int(c.last) >= len(c.values) || c.values[c.last] != value {
		code, known := c.index[value]
		if !known {
			code = int32(len(c.values))
			c.index[value] = code
			c.values = append(c.values, value)
		}
		c.last = code
	}
	c.codes = append(c.codes, c.last)
}

// addNull appends NULL.
func (c *textColumn) addNull() {
	if c.levels == nil {
		c.levels = make([]int32, 0, len(c.codes)+1)
		for range c.codes {
			c.levels = append(c.levels, valueLevel)
		}
	}
	c.levels = append(c.levels, nullLevel)
}

// end writes the next column of a row group and forgets its values.
func (c *textColumn) end(w *Writer, rows int) error {
	page := parquetpages.AppendLength(w.page[:0], func(b []byte) []byte {
		if c.levels == nil {
			return parquetpages.AppendRun(b, valueLevel, rows, levelBits)
		}
		return parquetpages.AppendHybrid(b, c.levels, levelBits)
	})
	w.page = parquetpages.AppendCodes(page, c.codes, len(c.values))
	var dictionary []byte
	for _, value := range c.values {
		dictionary = append(binary.LittleEndian.AppendUint32(dictionary, uint32(len(value))), value...)
	}
	of := parquetpages.Column{Coded: true, Dictionary: dictionary, Values: len(c.values), Statistics: c.statistics(int64(rows - len(c.codes)))}
	c.codes, c.levels, c.values, c.last = c.codes[:0], nil, nil, 0
	clear(c.index)
	return w.out.Write(of, func(write func(parquetpages.Page) error) error { return write(w.made(rows, parquet.Encodings.RLEDict)) })
}

// longestStatistic is how many bytes the least and the greatest value may have: what is longer is left out, as arrow-go does.
const longestStatistic = 4096

func (c *textColumn) statistics(nulls int64) *metadata.EncodedStatistics {
	s := &metadata.EncodedStatistics{HasNullCount: true, NullCount: nulls}
	if len(c.values) == 0 {
		return s
	}
	least, greatest := c.values[0], c.values[0]
	for _, value := range c.values {
		least, greatest = min(least, value), max(greatest, value)
	}
	s.HasMin, s.Min, s.HasMax, s.Max = true, []byte(least), true, []byte(greatest)
	s.ApplyStatSizeLimits(longestStatistic)
	return s
}

// numbers are a dictionary of numbers, most of which are small.
type numbers struct {
	values []int64
	small  []int32 // of a number below smallNumbers its code plus 1, or 0
	large  map[int64]int32
}

const (
	smallNumbers = 1 << 14
	mostNumbers  = 1 << 16 // of a dictionary
)

// appendCodes appends the codes of some numbers.
func (n *numbers) appendCodes(to []int32, some []int64) []int32 {
	for _, v := range some {
		if uint64(v) < smallNumbers {
			if code := n.small[v]; code > 0 {
				to = append(to, code-1)
				continue
			}
		}
		to = append(to, n.other(v))
	}
	return to
}

// other returns the code of a number that is new or large.
func (n *numbers) other(v int64) int32 {
	code, known := n.large[v]
	if known {
		return code
	}
	code = int32(len(n.values))
	n.values = append(n.values, v)
	if uint64(v) < smallNumbers {
		n.small[v] = code + 1
	} else {
		n.large[v] = code
	}
	return code
}

// page returns the dictionary's page.
func (n *numbers) page() []byte { return appendNumbers(make([]byte, 0, 8*len(n.values)), n.values) }

// reset forgets all numbers.
func (n *numbers) reset() {
	clear(n.small)
	clear(n.large)
	n.values = n.values[:0]
}

func appendNumbers(to []byte, values []int64) []byte {
	for _, v := range values {
		to = binary.LittleEndian.AppendUint64(to, uint64(v))
	}
	return to
}

// A numberColumn is a column of numbers, or of lists of them. Its pages have the codes of a dictionary, until this becomes too large;
// from then on they have the numbers.
type numberColumn struct {
	lists      bool
	dictionary *numbers           // nil if there is none
	rows       parquetpages.Lists // of the page that is being filled; a number is a list of one
	values     []int64            // of that page, if they have no codes
	plain      bool
	pages      []parquetpages.Page
	coded      int      // how many of pages have codes
	total      [2]int64 // the least and the greatest number
}

func newNumberColumn(lists, coded bool) *numberColumn {
	c := &numberColumn{lists: lists, rows: parquetpages.Lists{Offsets: []int32{0}, Element: listElement}}
	if coded {
		c.dictionary = &numbers{small: make([]int32, smallNumbers), large: map[int64]int32{}}
	}
	c.reset()
	return c
}

// listElement is the definition level of an element of a list: the list may be NULL, the element not.
const listElement = 2

// pageNumbers is how many numbers a page has at most, unless it is one list.
const pageNumbers = 1 << 17

func (c *numberColumn) reset() {
	c.plain, c.pages, c.coded, c.total = c.dictionary == nil, nil, 0, [2]int64{math.MaxInt64, math.MinInt64}
	if c.dictionary != nil {
		c.dictionary.reset()
	}
}

// add appends a row.
func (c *numberColumn) add(w *Writer, row ...int64) {
	if n := c.filled(); n > 0 && n+len(row) > pageNumbers {
		c.endPage(w)
	}
	if !c.plain && len(c.dictionary.values)+len(row) > mostNumbers {
		c.endPage(w)
		c.plain = true
	}
	if c.plain {
		c.values = append(c.values, row...)
	} else {
		c.rows.Codes = c.dictionary.appendCodes(c.rows.Codes, row)
	}
	if !c.lists {
		c.total = [2]int64{min(c.total[0], row[0]), max(c.total[1], row[0])}
		return
	}
	c.rows.Offsets = append(c.rows.Offsets, int32(c.filled()))
}

// filled returns how many numbers the page has that is being filled.
func (c *numberColumn) filled() int { return len(c.values) + len(c.rows.Codes) }

// endPage makes a page of what is there.
func (c *numberColumn) endPage(w *Writer) {
	n := c.filled()
	if n == 0 && len(c.rows.Offsets) == 1 {
		return
	}
	w.page = w.page[:0]
	if c.lists {
		if c.plain { // the levels do not depend on codes
			c.rows.Codes = append(c.rows.Codes, make([]int32, n)...)
		}
		n, w.page, _ = w.encoder.Levels(w.page, &c.rows, 0, len(c.rows.Offsets)-1)
	} else {
		w.page = parquetpages.AppendLength(w.page, func(b []byte) []byte { return parquetpages.AppendRun(b, valueLevel, n, levelBits) })
	}
	encoding := parquet.Encodings.Plain
	if c.plain {
		w.page = appendNumbers(w.page, c.values)
	} else {
		encoding = parquet.Encodings.RLEDict
		w.page = parquetpages.AppendCodes(w.page, c.rows.Codes, len(c.dictionary.values))
		c.coded++
	}
	made := w.made(n, encoding)
	made.Compressed = append([]byte(nil), made.Compressed...)
	c.pages = append(c.pages, made)
	c.values, c.rows.Codes, c.rows.Offsets = c.values[:0], c.rows.Codes[:0], c.rows.Offsets[:1]
}

// end writes the next column of a row group and forgets its values.
func (c *numberColumn) end(w *Writer) error {
	c.endPage(w)
	of := parquetpages.Column{Coded: c.coded > 0, Plain: c.coded > 0 && c.coded < len(c.pages)}
	if of.Coded {
		of.Dictionary, of.Values = c.dictionary.page(), len(c.dictionary.values)
	}
	if !c.lists {
		of.Statistics = &metadata.EncodedStatistics{Signed: true, HasNullCount: true, HasMin: true, HasMax: true,
			Min: appendNumbers(nil, c.total[:1]), Max: appendNumbers(nil, c.total[1:])}
	}
	err := w.out.Write(of, func(write func(parquetpages.Page) error) error {
		for _, page := range c.pages {
			if err := write(page); err != nil {
				return err
			}
		}
		return nil
	})
	c.reset()
	return err
}
