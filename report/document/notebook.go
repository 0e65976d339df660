// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// NotebookSuffix ends the name of a notebook's file.
const NotebookSuffix = ".ipynb"

// ExecutedSuffix ends the names of executed notebooks. They are results, not reports.
const ExecutedSuffix = ".executed" + NotebookSuffix

// Executed returns the path of the executed notebook that belongs to a page.
func Executed(page string) string { return strings.TrimSuffix(page, ".html") + ExecutedSuffix }

// MaxNotebook is the largest notebook that is read, in bytes. Outputs of earlier runs count.
const MaxNotebook = 64 << 20

var environmentName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`)

// ParseNotebook reads and checks a notebook in Jupyter's format 4. Its metadata `headcount` is the header, with the keys of a Markdown
// report's; without a title the notebook has the given name.
func ParseNotebook(name string, text []byte) (*Report, error) {
	var notebook struct {
		Format int                          `json:"nbformat"`
		Minor  int                          `json:"nbformat_minor"`
		Cells  []map[string]json.RawMessage `json:"cells"`
		Meta   map[string]json.RawMessage   `json:"metadata"`
	}
	if err := json.Unmarshal(text, &notebook); err != nil {
		return nil, fmt.Errorf("not a notebook: %w", err)
	}
	if notebook.Format != 4 {
		return nil, fmt.Errorf("not a notebook: nbformat is %d, must be 4: save the notebook with a newer Jupyter", notebook.Format)
	}
	if notebook.Cells == nil {
		return nil, errors.New("not a notebook: it has no cells")
	}
	r := &Report{}
	if err := r.parseMetadata(name, notebook.Meta["headcount"]); err != nil {
		return nil, fmt.Errorf("metadata headcount: %w", err)
	}
	for _, cell := range notebook.Cells {
		if _, ok := cell["outputs"]; ok {
			cell["outputs"] = json.RawMessage("[]")
		}
	}
	var err error
	r.Notebook, err = json.Marshal(map[string]any{
		"nbformat": notebook.Format, "nbformat_minor": notebook.Minor, "cells": notebook.Cells, "metadata": notebook.Meta,
	})
	return r, err
}

// parseMetadata reads the header. JSON is YAML once its escaped characters are plain.
func (r *Report) parseMetadata(name string, text json.RawMessage) error {
	header := map[string]any{}
	if len(text) > 0 {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&header); err != nil {
			return err
		}
	}
	if header["title"] == nil {
		header["title"] = name
	}
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(header); err != nil {
		return err
	}
	if err := r.Header.parse(plain.Bytes()); err != nil {
		return err
	}
	for _, key := range []string{"tables", "source", "incremental"} {
		if header[key] != nil {
			return fmt.Errorf("%s: a notebook reads its data itself", key)
		}
	}
	if r.Environment != "" && !environmentName.MatchString(r.Environment) {
		return errors.New("environment: use letters, digits, '.', '_' and '-': it is a name, not a path")
	}
	return nil
}
