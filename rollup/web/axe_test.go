// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPages_HaveNoSeriousFaultOfAccess(t *testing.T) {
	service := serve(t, nil)
	for _, scheme := range []string{"light", "dark"} {
		p := open(t, scheme, 1440, service.address)
		for _, query := range []string{
			gc, gc + "&compare=os&layout=multiples", gc + "&show=table", "?channel=nightly&version=51&metric=KEYED_ENUM&compare=label",
			gc + "&view=evolution&few=30&ref=20161031", gc + "&view=evolution&compare=os&over=GC_RESET", "?channel=release",
		} {
			p.Resize(1440, 900)
			p.open(service.address + query)
			evaluate[any](p, `document.querySelectorAll('details').forEach((d) => { d.open = true; })`)
			require.Empty(t, p.Faults(), "%s, %s", query, scheme)
		}
		p.open(service.address + gc)
		p.click("#sql")
		p.Await(`document.getElementById('queries').open`)
		require.Empty(t, p.Faults(), "SQL, %s", scheme)
	}
}

// The page with its scripts takes at most 400 kB compressed; it is far below.
func TestPages_AreSmall(t *testing.T) {
	service := serve(t, nil)
	p := open(t, "light", 1440, service.address+gc)
	_, requests := p.Seen()
	total := 0
	for _, address := range requests {
		if strings.Contains(address, "/v1/") || strings.HasPrefix(address, "data:") {
			continue
		}
		response, err := http.Get(address)
		require.NoError(t, err)
		var small bytes.Buffer
		compressed := gzip.NewWriter(&small)
		_, err = io.Copy(compressed, response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.NoError(t, compressed.Close())
		require.Contains(t, response.Header.Get("Content-Security-Policy"), "style-src 'self';")
		require.NotContains(t, response.Header.Get("Content-Security-Policy"), "unsafe")
		total += small.Len()
	}
	require.Less(t, total, 400_000)
	t.Logf("the page with its scripts is %d bytes compressed", total)
}
