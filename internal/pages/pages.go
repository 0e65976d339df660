// SPDX-License-Identifier: Apache-2.0

// Package pages serves the pages of the programs: a document with scripts that share a style, plots and exports. A page
// needs nothing from elsewhere. Its links are relative, so that it works behind a path prefix.
package pages

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"

	"github.com/klauspost/compress/gzhttp"
)

//go:embed assets
var embedded embed.FS

// Policy is the Content-Security-Policy of every page.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Protect sets the headers that every answer of a page's server has, with a Content-Security-Policy. Browsers ask again before they use a kept answer.
func Protect(header http.Header, policy string) {
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-cache")
}

// An asset is a file with its tag.
type asset struct {
	contentType, tag string
	body             []byte
}

// Handler serves index.html of a folder at /, and its other files and the shared ones below /assets/. Both must have
// different names.
func Handler(folder fs.FS) (http.Handler, error) {
	shared, err := fs.Sub(embedded, "assets")
	if err != nil {
		return nil, err
	}
	assets := map[string]*asset{}
	for _, from := range []fs.FS{shared, folder} {
		if err := read(assets, from); err != nil {
			return nil, err
		}
	}
	if assets["index.html"] == nil {
		return nil, fmt.Errorf("pages: there is no index.html")
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { assets["index.html"].serve(w, r) })
	mux.HandleFunc("GET /assets/{name}", func(w http.ResponseWriter, r *http.Request) {
		a := assets[r.PathValue("name")]
		if a == nil || a == assets["index.html"] {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r)
	})
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.SuffixETag("-gzip"))
	if err != nil {
		return nil, err
	}
	return compress(mux), nil
}

func read(assets map[string]*asset, from fs.FS) error {
	entries, err := fs.ReadDir(from, ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if assets[name] != nil {
			return fmt.Errorf("pages: two files have the name %s", name)
		}
		body, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		assets[name] = &asset{contentType: typeOf(name), tag: hex.EncodeToString(sum[:8]), body: body}
	}
	return nil
}

// typeOf returns the type by the name's end. Types of the machine are not asked for what pages consist of.
func typeOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(path.Ext(name))
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", a.contentType)
	Protect(header, Policy)
	header.Set("ETag", `"`+a.tag+`"`)
	for _, tag := range []string{`"` + a.tag + `"`, `"` + a.tag + `-gzip"`} {
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if r.Method != http.MethodHead {
		w.Write(a.body)
	}
}
