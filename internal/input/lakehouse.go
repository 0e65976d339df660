// SPDX-License-Identifier: Apache-2.0

package input

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// hiveACID are the folders of a transactional Hive table.
var hiveACID = regexp.MustCompile(`^(base_\d{7,}(_v\d+)?|(delta|delete_delta)_\d{7,}_\d{7,}(_\d+)?(_v\d+)?)$`)

// tableError returns an error if a folder is the folder of a table whose data files may hold rows that were deleted.
func tableError(folder string) error {
	for _, format := range []struct{ name, pattern, way string }{
		{"an Iceberg table", "metadata/*.metadata.json", "DuckDB: COPY (FROM iceberg_scan('FOLDER')) TO 'activity.parquet'"},
		{"a Delta table", "_delta_log", "DuckDB: COPY (FROM delta_scan('FOLDER')) TO 'activity.parquet'"},
		{"a Hudi table", ".hoodie", "Spark: spark.read.format(\"hudi\").load(FOLDER).write.parquet(...)"},
		{"a Paimon table", "snapshot/snapshot-*", "Spark: spark.read.format(\"paimon\").load(FOLDER).write.parquet(...)"},
		{"a DuckLake table", "ducklake-*-*-*-*-*.parquet", "DuckDB: COPY LAKE.TABLE TO 'activity.parquet'"},
	} {
		if found, _ := filepath.Glob(filepath.Join(escapeGlob(folder), format.pattern)); len(found) > 0 {
			return notRead(folder, format.name, format.way)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil // reading the folder says what is wrong
	}
	for _, entry := range entries {
		if entry.IsDir() && hiveACID.MatchString(entry.Name()) {
			return notRead(folder, "a transactional Hive table", "Hive or Spark: INSERT OVERWRITE DIRECTORY ... SELECT")
		}
	}
	return nil
}

func notRead(folder, name, way string) error {
	return fmt.Errorf("%s: %s: its files may hold deleted rows, and only the table's metadata tells which. "+
		"Export the rows, for example in Trino with CREATE TABLE ... AS SELECT into a Parquet table of Hive, or with %s", folder, name, way)
}

// enclosingTable returns an error if a path is in the folder of such a table.
func enclosingTable(path string) error {
	at, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if real, err := filepath.EvalSymlinks(at); err == nil {
		at = real
	}
	for above := filepath.Dir(at); ; above = filepath.Dir(above) {
		if err := tableError(above); err != nil {
			return err
		}
		if above == filepath.Dir(above) {
			return nil
		}
	}
}

// escapeGlob escapes the characters of a path that have a meaning in a pattern.
func escapeGlob(path string) string {
	return regexp.MustCompile(`[\\*?\[]`).ReplaceAllString(path, `\$0`)
}
