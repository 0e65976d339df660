// SPDX-License-Identifier: Apache-2.0

// Package web serves the pages that show roll-ups: distributions and evolutions. They ask rollup/api for every number.
package web

import (
	"embed"
	"io/fs"
	"net/http"

	"github.com/headcount-hll/headcount/internal/pages"
)

//go:embed page
var embedded embed.FS

// New returns the handler of / and /assets/, and of everything else api.
func New(api http.Handler) (http.Handler, error) {
	folder, err := fs.Sub(embedded, "page")
	if err != nil {
		return nil, err
	}
	handler, err := pages.Handler(folder)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", handler)
	mux.Handle("GET /assets/", handler)
	mux.Handle("/", api)
	return mux, nil
}
