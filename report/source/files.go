// SPDX-License-Identifier: Apache-2.0

package source

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Files is DuckDB in this process. A query sees the tables that the report's header names, and no other file.
type Files struct{ *duckDB }

// OpenFiles opens the tables: a name and a path or pattern of Parquet or CSV files below folder, or a folder of Parquet files.
func OpenFiles(ctx context.Context, folder string, tables map[string]string) (*Files, error) {
	views, paths := []string{}, []string{}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		found, err := filesOf(folder, tables[name])
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", name, err)
		}
		reader := "read_parquet(%s)"
		if strings.Contains(filepath.Base(found[0]), ".csv") {
			reader = "read_csv(%s, union_by_name = true)"
		}
		paths = append(paths, found...)
		views = append(views, fmt.Sprintf(`CREATE VIEW "%s" AS SELECT * FROM `+reader, name, list(found)))
	}
	d, err := openDuckDB(ctx, "files", slices.Concat([]string{"SET allowed_paths = " + list(paths), "SET enable_external_access = false"}, views))
	if err != nil {
		return nil, err
	}
	return &Files{d}, nil
}

// filesOf returns the files of a pattern, all of them inside folder after links are followed.
func filesOf(folder, pattern string) ([]string, error) {
	if !filepath.IsLocal(pattern) {
		return nil, fmt.Errorf("%s is not a path inside the report's folder", pattern)
	}
	root, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return nil, err
	}
	if root, err = filepath.Abs(root); err != nil {
		return nil, err
	}
	whole := filepath.Join(root, pattern)
	if info, err := os.Stat(whole); err == nil && info.IsDir() {
		whole = filepath.Join(whole, "*.parquet")
	}
	found, err := filepath.Glob(whole)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("there is no file %s", pattern)
	}
	for i, path := range found {
		if found[i], err = filepath.EvalSymlinks(path); err != nil {
			return nil, err
		}
		if inside, err := filepath.Rel(root, found[i]); err != nil || !filepath.IsLocal(inside) {
			return nil, fmt.Errorf("%s leads out of the report's folder", pattern)
		}
	}
	return found, nil
}

// list returns texts as a list of SQL.
func list(texts []string) string {
	quoted := make([]string, len(texts))
	for i, s := range texts {
		quoted[i] = "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}
