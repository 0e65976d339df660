// SPDX-License-Identifier: Apache-2.0

package pinggen

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func options() Options {
	return Options{Seed: 1, Clients: 60, Start: time.Date(2016, 11, 1, 0, 0, 0, 0, time.UTC), Days: 40, Size: 6000}
}

func write(t *testing.T, o Options) [][]byte {
	t.Helper()
	var out bytes.Buffer
	n, err := Write(&out, o)
	require.NoError(t, err)
	lines := bytes.Split(bytes.TrimSuffix(out.Bytes(), []byte("\n")), []byte("\n"))
	require.Len(t, lines, int(n))
	return lines
}

func TestWrite_SameSeedSameBytes(t *testing.T) {
	assert.Equal(t, write(t, options()), write(t, options()))
	other := options()
	other.Seed = 2
	assert.NotEqual(t, write(t, options()), write(t, other))
}

func TestWrite_ClientsHaveALife(t *testing.T) {
	first, last, versions := map[string]string{}, map[string]string{}, map[string]map[string]bool{}
	for _, line := range write(t, options()) {
		var p struct {
			ClientID    string `json:"clientId"`
			Meta        struct{ SubmissionDate string }
			Application struct{ Version string }
		}
		require.NoError(t, json.Unmarshal(line, &p))
		if first[p.ClientID] == "" {
			first[p.ClientID], versions[p.ClientID] = p.Meta.SubmissionDate, map[string]bool{}
		}
		last[p.ClientID] = p.Meta.SubmissionDate
		versions[p.ClientID][p.Application.Version] = true
	}
	count := func(some map[string]string, is func(string) bool) (n int) {
		for _, day := range some {
			if is(day) {
				n++
			}
		}
		return n
	}
	assert.Greater(t, count(first, func(day string) bool { return day >= "20161111" }), 3, "new clients")
	assert.Greater(t, count(last, func(day string) bool { return day < "20161125" }), 3, "lost clients")
	upgraded := 0
	for _, v := range versions {
		if len(v) > 1 {
			upgraded++
		}
	}
	assert.Greater(t, upgraded, 20)
}

func TestWrite_SizeAndBad(t *testing.T) {
	o := options()
	o.Clients, o.Days, o.Size, o.Bad = 30, 5, DefaultSize, 0.2
	bad, total := 0, 0
	lines := write(t, o)
	for _, line := range lines {
		var p map[string]any
		if json.Unmarshal(line, &p) != nil {
			bad++
			continue
		}
		total += len(line)
	}
	assert.InDelta(t, 0.2, float64(bad)/float64(len(lines)), 0.1)
	assert.InEpsilon(t, DefaultSize, total/(len(lines)-bad), 0.1)
	_, err := Write(&bytes.Buffer{}, Options{})
	assert.Error(t, err)
}
