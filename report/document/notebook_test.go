// SPDX-License-Identifier: Apache-2.0

package document

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const notebookCells = `[{"cell_type": "code", "id": "a", "metadata": {"tags": ["parameters"]}, "source": ["x = 1\n", "y = 2"], "execution_count": 7, "outputs": [{"output_type": "stream"}]}]`

func TestNotebook_ReadsItsHeaderAndDropsOutputs(t *testing.T) {
	r, err := ParseNotebook("file", []byte(`{"nbformat": 4, "nbformat_minor": 5, "cells": `+notebookCells+`, "metadata": {"kernelspec": {"name": "python3"}, "headcount": {
		"title": "Caf\u00e9 \ud83d\ude00", "schedule": "0 7 * * 1", "timezone": "Europe/Berlin", "timeout": "90s", "retries": 2, "environment": "spark-4.0",
		"parameters": {"day": {"type": "date", "default": "2016-11-01"}, "n": {"type": "integer", "default": 9007199254740993}}}}}`))
	require.NoError(t, err)
	require.Equal(t, "Café 😀", r.Title)
	require.Equal(t, "spark-4.0", r.Environment)
	require.Equal(t, Duration(90*time.Second), r.Timeout)
	require.Equal(t, 2, r.Retries)
	require.Equal(t, time.Date(2026, 6, 1, 5, 0, 0, 0, time.UTC), r.Next(time.Date(2026, 5, 30, 0, 0, 0, 0, time.UTC)))
	values, err := r.Values(nil)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"day": Date("2016-11-01"), "n": int64(9007199254740993)}, values)
	require.Contains(t, string(r.Notebook), `"source":["x = 1\n","y = 2"]`)
	require.Contains(t, string(r.Notebook), `"kernelspec":{"name":"python3"}`)
	require.NotContains(t, string(r.Notebook), "stream")
}

func TestNotebook_WithoutHeaderHasTheNameOfItsFile(t *testing.T) {
	r, err := ParseNotebook("file", []byte(`{"nbformat": 4, "nbformat_minor": 2, "cells": [], "metadata": {}}`))
	require.NoError(t, err)
	require.Equal(t, "file", r.Title)
	require.False(t, r.Scheduled())
}

func TestNotebook_RejectsWrongFilesAndHeaders(t *testing.T) {
	for text, want := range map[string]string{
		`---`:                                 "not a notebook",
		`{"nbformat": 3, "worksheets": []}`:   "nbformat is 3, must be 4",
		`{"nbformat": 4, "cells": [], "me`:    "not a notebook",
		`{"nbformat": 4, "metadata": {}}`:     "it has no cells",
		`{"nbformat": 4, "cells": ["print"]}`: "not a notebook",
	} {
		_, err := ParseNotebook("file", []byte(text))
		require.ErrorContains(t, err, want, text)
	}
	for header, want := range map[string]string{
		`[]`:                           "metadata headcount",
		`{"schedule": "daily"}`:        "write five fields",
		`{"colour": "red"}`:            "field colour not found",
		`{"environment": "../env"}`:    "it is a name, not a path",
		`{"environment": ".."}`:        "it is a name, not a path",
		`{"source": "warehouse"}`:      "source: a notebook reads its data itself",
		`{"tables": {"a": "a.csv"}}`:   "tables: a notebook reads its data itself",
		`{"incremental": {"late": 1}}`: "incremental: a notebook reads its data itself",
		`{"timeout": "soon"}`:          "not a positive duration",
		`{"parameters": {"a": {"type": "text", "default": "b"}, "c d": {"type": "text"}}}`: "is not a name",
		`{"parameters": {"a": {"type": "integer", "default": "b"}}}`:                       "is not of type integer",
	} {
		_, err := ParseNotebook("file", fmt.Appendf(nil, `{"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": {"headcount": %s}}`, header))
		require.ErrorContains(t, err, want, header)
	}
	_, err := Parse([]byte("---\ntitle: T\nenvironment: other\n---\n"))
	require.ErrorContains(t, err, "only a notebook has one")
}
