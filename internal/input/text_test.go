// SPDX-License-Identifier: Apache-2.0

package input

import (
	"bytes"
	"testing"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// Any bytes are read as CSV or JSON lines, or are an error.
func FuzzText(f *testing.F) {
	f.Add([]byte("id,day,os\nx,2016-09-05,\"\"\n"), false)
	f.Add([]byte("\ufeffid;day;os\r\n\"x\";20160905;\\N"), false)
	f.Add([]byte(`{"id": "x", "day": 20160905, "os": null}`+"\n"), true)
	f.Add([]byte("{\"id\": 1e5}\n{\"id\": [{}]}"), true)
	f.Fuzz(func(t *testing.T, data []byte, lines bool) {
		format := formatCSV
		if lines {
			format = formatJSON
		}
		file, err := openText(source{Reader: bytes.NewReader(data), name: "a"}, format, Options{Memory: 1 << 20})
		if err != nil {
			return
		}
		parts, err := file.Parts(Selection{
			Keys: []sortkey.Column{{Name: "day", Type: sortkey.Date}, {Name: "os", Type: sortkey.Varchar}},
			Date: "day", Value: "id", Kind: ID, AllBut: []string{},
		})
		if err != nil {
			return
		}
		for _, open := range parts {
			_ = readCursor(open, func(int64, []byte, []byte) {})
		}
	})
}

func TestParseDay_TextsAndNumbers(t *testing.T) {
	const day = 17_049 // 2016-09-05
	for text, want := range map[string]int32{
		"2016-09-05": day, "20160905": day, "2016-09-05 23:59:59": day, "2016-09-05T00:00:00": day,
		"2016-09-05T23:30:00-02:00": day + 1, "2016-09-05 00:30:00+02": day - 1, "2016-09-05 12:00:00.123456 UTC": day,
	} {
		if got, err := parseDay(text, nil); err != nil || got != want {
			t.Errorf("%s: day %d, %v; want %d", text, got, err, want)
		}
	}
	for number, want := range map[int64]int32{20160905: day, day: day, 0: 0, -1: -1} {
		if got, err := dayOfNumber(number); err != nil || got != want {
			t.Errorf("%d: day %d, %v; want %d", number, got, err, want)
		}
	}
	for _, text := range []string{"", "2016-9-5", "20160230", "2016-02-30", "2016-09-05 25:00:00", "1473033600", "2016-09-05 00:30:00 CEST"} {
		if got, err := parseDay(text, nil); err == nil {
			t.Errorf("%q is day %d", text, got)
		}
	}
	for _, number := range []int64{100_000, 20160230, 1_473_033_600} {
		if got, err := dayOfNumber(number); err == nil {
			t.Errorf("%d is day %d", number, got)
		}
	}
}
