// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	small    = "---\ntitle: Small\nschedule: \"0 6 * * *\"\n---\nWords that only this report has: zebra.\n"
	smallest = `{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "markdown", "metadata": {}, "source": ["text"]}]}`
)

func (s *service) do(method, path, contentType string, body io.Reader, bearer string) (int, string) {
	s.Helper()
	request, err := http.NewRequestWithContext(s.Context(), method, s.address+path, body)
	require.NoError(s, err)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if bearer != "" {
		request.Header.Set("Authorization", "Bearer "+bearer)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(s, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(s, err)
	return response.StatusCode, string(text)
}

func (s *service) put(name, text string) (int, string) {
	s.Helper()
	return s.do(http.MethodPut, "/reports/"+name, "", strings.NewReader(text), token)
}

// form sends the form of the page, with the fields in their order.
func (s *service) form(name, text string, fields ...string) (int, string) {
	s.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i < len(fields); i += 2 {
		require.NoError(s, w.WriteField(fields[i], fields[i+1]))
	}
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}})
	require.NoError(s, err)
	_, err = part.Write([]byte(text))
	require.NoError(s, err)
	require.NoError(s, w.Close())
	return s.do(http.MethodPost, "/upload", w.FormDataContentType(), &body, "")
}

// files returns the names in the folder, without the state.
func (s *service) files() (names []string) {
	s.Helper()
	found, err := os.ReadDir(s.folder)
	require.NoError(s, err)
	for _, f := range found {
		names = append(names, f.Name())
	}
	return names
}

func TestUpload_StoresByFormAndByRequest(t *testing.T) {
	s := newService(t, token)
	status, text := s.form("small.md", small, "token", token)
	require.Equal(t, http.StatusOK, status, text)
	require.Contains(t, text, "Stored small.md, ")
	require.Contains(t, text, "It is due at ")
	stored, err := os.ReadFile(filepath.Join(s.folder, "small.md"))
	require.NoError(t, err)
	require.Equal(t, small, string(stored))
	list, _ := s.get("/")
	require.Contains(t, list, `href="/reports/small"`)

	status, text = s.put("other.ipynb", smallest)
	require.Equal(t, http.StatusCreated, status)
	require.Contains(t, text, "Stored other.ipynb, ")
	require.FileExists(t, filepath.Join(s.folder, "other.ipynb"))
}

func TestUpload_ReplacesOnlyOnRequest(t *testing.T) {
	s := newService(t, token)
	before, err := os.ReadFile(filepath.Join(s.folder, "activity.md"))
	require.NoError(t, err)
	status, text := s.put("activity.md", small)
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, text, "there is a report of this name")
	status, _ = s.form("activity.md", small, "token", token)
	require.Equal(t, http.StatusConflict, status)
	status, text = s.put("activity.ipynb", smallest)
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, text, "there is activity.md, a report of the same name")
	after, err := os.ReadFile(filepath.Join(s.folder, "activity.md"))
	require.NoError(t, err)
	require.Equal(t, before, after)
	status, text = s.form("activity.md", small, "token", token, "replace", "yes")
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, text, "Replaced activity.md: it had ")
	status, _ = s.do(http.MethodPut, "/reports/activity.md?replace=yes", "", bytes.NewReader(before), token)
	require.Equal(t, http.StatusCreated, status)

	// Of two clients that store a new report at the same time, one is told that it exists.
	var both sync.WaitGroup
	answers := make([]int, 8)
	for i := range answers {
		both.Go(func() { answers[i], _ = s.put("new.md", small) })
	}
	both.Wait()
	created := 0
	for _, status := range answers {
		if status == http.StatusCreated {
			created++
		} else {
			require.Equal(t, http.StatusConflict, status)
		}
	}
	require.Equal(t, 1, created)
}

func TestUpload_StoresNothingElse(t *testing.T) {
	s := newService(t, token)
	before := s.files()
	for name, text := range map[string]string{
		"..%2Foutside.md": small, "%2Fetc%2Fx.md": small, ".hidden.md": small, "a.md%00.md": small, "a b.md": small, "x.txt": small, "x.MD": small, "x.md.sh": small,
		"x..md": small, strings.Repeat("x", 101) + ".md": small,
	} {
		status, said := s.do(http.MethodPut, "/reports/"+strings.ReplaceAll(name, " ", "%20"), "", strings.NewReader(text), token)
		require.Equal(t, http.StatusBadRequest, status, name)
		require.Contains(t, said, "is not a name such as", name)
	}
	for _, name := range []string{"../outside.md", "/etc/x.md", `..\\outside.md`, ""} {
		status, _ := s.form(name, small, "token", token)
		require.Equal(t, http.StatusBadRequest, status, name)
	}
	for text, want := range map[string]string{
		"":                                      "a report starts with a YAML header",
		"---\ntitle: x\nschedule: never\n---\n": "write five fields",
		"---\ntitle: x\nscript: rm\n---\n":      "field script not found",
		"---\ntitle: x\n---\n```chart\ndata: q\n":           "the block has no end",
		"---\ntitle: x\n---\n" + strings.Repeat("x", 5<<20): "more than a report",
	} {
		status, said := s.put("wrong.md", text)
		require.Equal(t, http.StatusBadRequest, status)
		require.Contains(t, said, want)
	}
	for _, text := range []string{"", "[]", "{}", `{"nbformat": 3, "cells": []}`, `{"nbformat": 4}`, small} {
		status, said := s.put("wrong.ipynb", text)
		require.Equal(t, http.StatusBadRequest, status)
		require.Contains(t, said, "not a notebook")
	}
	status, said := s.put("wrong.ipynb", `{"nbformat": 4, "cells": [], "metadata": {"headcount": {"schedule": "daily"}}}`)
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, said, "write five fields")
	status, said = s.put("large.ipynb", strings.Repeat(" ", 16<<20+1))
	require.Equal(t, http.StatusRequestEntityTooLarge, status)
	require.Contains(t, said, "larger than 16 MB")
	status, _ = s.do(http.MethodPost, "/upload", "text/plain", strings.NewReader(small), token)
	require.Equal(t, http.StatusBadRequest, status)
	require.Equal(t, before, s.files())
}

func TestUpload_NeedsTheTokenAndTheFlag(t *testing.T) {
	s := newService(t, token)
	before := s.files()
	for _, given := range []string{"", "wrong"} {
		status, _ := s.do(http.MethodPut, "/reports/small.md", "", strings.NewReader(small), given)
		require.Equal(t, http.StatusForbidden, status)
		status, _ = s.form("small.md", small, "token", given)
		require.Equal(t, http.StatusForbidden, status)
	}
	status, said := s.form("small.md", small, "replace", "yes", "token", token)
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, said, "first field is not token")
	require.Equal(t, before, s.files())

	off := newService(t, "")
	status, said = off.put("small.md", small)
	require.Equal(t, http.StatusForbidden, status)
	require.Contains(t, said, "start it with --upload")
	status, _ = off.do(http.MethodGet, "/upload", "", nil, "")
	require.Equal(t, http.StatusNotFound, status)
	list, _ := off.get("/")
	require.NotContains(t, list, "/upload")

	c := serveCommand()
	c.SetArgs([]string{t.TempDir(), "--upload"})
	c.SilenceErrors, c.SilenceUsage = true, true
	require.ErrorContains(t, c.ExecuteContext(context.Background()), "--upload needs --token-file")
}

func TestList_FindsWordsOfTitleOwnerTextAndSQL(t *testing.T) {
	s := newService(t, token)
	s.put("small.md", small)
	for query, want := range map[string][]string{
		"ZEBRA": {"small"}, "zebra+activity": nil, "small+zebra": {"small"}, "missing": {"failing"}, "analysts%40example.org": {"activity"}, "broken": {"broken"},
		"": {"activity", "broken", "failing", "small"}, "%3Cb%3E": nil,
	} {
		list, _ := s.get("/?q=" + query)
		var found []string
		for _, name := range []string{"activity", "broken", "failing", "small"} {
			if strings.Contains(list, `href="/reports/`+name+`"`) {
				found = append(found, name)
			}
		}
		require.Equal(t, want, found, query)
	}
}
