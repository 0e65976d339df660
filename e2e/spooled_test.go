// SPDX-License-Identifier: Apache-2.0

//go:build tools

package e2e

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/trinotest"
)

// Results that Trino spools: the server writes them to S3, encoded, and the client reads them from there.

// spooledSketches returns 600 rows with the types that a client has to decode, some 5 MB. Trino 476 sends the last rows of a result
// inline if they are less than 2 MB, whatever its configuration says of inlining.
const spooledSketches = `SELECT n * 1000 + g AS k, sketch, cast(sketch AS varbinary) AS bytes, cast(NULL AS HLL) AS nothing,
	hll_bounds(sketch, 2).lower AS lower
	FROM (SELECT partkey % 200 AS g, hll_agg(orderkey * 8 + linenumber) AS sketch FROM tpch.tiny.lineitem GROUP BY 1)
	CROSS JOIN UNNEST(sequence(1, 3)) AS s (n) ORDER BY 1`

const spooling = `
protocol.spooling.enabled=true
protocol.spooling.inlining.enabled=false
protocol.spooling.shared-secret-key=%s
`

// The storage encrypts nothing: the S3 server here has no keys of the customer.
const spoolingManager = `spooling-manager.name=filesystem
fs.s3.enabled=true
fs.location=s3://spooled/
fs.segment.encryption=false
s3.endpoint=%s
s3.region=us-east-1
s3.path-style-access=true
s3.aws-access-key=%s
s3.aws-secret-key=%s
`

// startS3 starts an S3 server with the bucket spooled, and returns its URL, its access key and its secret key.
func startS3(t *testing.T) (url, access, secret string) {
	t.Helper()
	port, err := trinotest.FreePort()
	require.NoError(t, err)
	data := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(data, "spooled"), 0o755))
	access, secret = rand.Text(), rand.Text()
	background(t, []string{"ROOT_ACCESS_KEY=" + access, "ROOT_SECRET_KEY=" + secret},
		repository("build", "tools", "spooled", "versitygw"), "--port", "127.0.0.1:"+port, "posix", data)
	return "http://127.0.0.1:" + port, access, secret
}

// spoolingEtc writes the configuration of a Trino with the catalog tpch whose results go through S3.
func spoolingEtc(t *testing.T, folder string) {
	t.Helper()
	require.NoError(t, os.CopyFS(folder, os.DirFS(repository("docker", "trino", "etc"))))
	for _, unused := range []string{"hive", "iceberg", "jmx", "memory"} {
		require.NoError(t, os.Remove(filepath.Join(folder, "catalog", unused+".properties")))
	}
	require.NoError(t, os.Remove(filepath.Join(folder, "exchange-manager.properties")))
	key := make([]byte, 32)
	rand.Read(key)
	configuration, err := os.OpenFile(filepath.Join(folder, "config.properties"), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	fmt.Fprintf(configuration, spooling, base64.StdEncoding.EncodeToString(key))
	require.NoError(t, configuration.Close())
	url, access, secret := startS3(t)
	manager := fmt.Sprintf(spoolingManager, url, access, secret)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "spooling-manager.properties"), []byte(manager), 0o600))
}

// startSpooling starts that Trino and returns its port.
func startSpooling(t *testing.T) string {
	t.Helper()
	tree, err := command(nil, repository("docker", "trino", "unpack-server.sh"))
	require.NoError(t, err)
	jdk, err := command(nil, "bash", "-c", ". scripts/lib.sh && need_jdk")
	require.NoError(t, err)
	state := t.TempDir()
	etc, plugins, data := filepath.Join(state, "etc"), filepath.Join(state, "plugin"), filepath.Join(state, "data")
	spoolingEtc(t, etc)
	require.NoError(t, os.Mkdir(plugins, 0o755))
	for _, plugin := range []string{
		filepath.Join(tree, "plugin", "tpch"), repository("build", "plugin", "headcount"),
		repository("build", "tools", "spooled", "spooling-filesystem"),
	} {
		require.NoError(t, os.Symlink(plugin, filepath.Join(plugins, filepath.Base(plugin))))
	}
	port, err := trinotest.FreePort()
	require.NoError(t, err)
	started := background(t, []string{"TRINO_PORT=" + port, "JDK_JAVA_OPTIONS=-Xmx1G"},
		filepath.Join(tree, "bin", "launcher"), "run", "--etc-dir", etc, "--data-dir", data, "--pid-file", filepath.Join(state, "pid"),
		"--jvm-dir", jdk, "-D", "node.data-dir="+data, "-D", "plugin.dir="+plugins,
		"-D", "node.bind-ip=127.0.0.1", "-D", "node.internal-address=127.0.0.1")
	_, err = command(nil, "bash", "-c",
		`until docker/trino/base/health-check "$0" 2>/dev/null; do
			[ "$SECONDS" -lt 900 ] && ! grep -q '^State:.*Z' "/proc/$1/status" || exit 1; sleep 0.5; done`, port, strconv.Itoa(started.Pid))
	require.NoError(t, err, "the server did not start")
	// It has started before it runs queries over tables.
	require.Eventually(t, func() bool {
		_, err := fetchSpooled(port, "json", "SELECT count(*) FROM nation")
		return err == nil
	}, 5*time.Minute, time.Second, "no query runs")
	return port
}

func TestTools_SpooledResults(t *testing.T) {
	port := startSpooling(t)
	want := rows(t, spooledSketches)
	require.Len(t, want, 600)
	for _, encoding := range []string{"json", "json+zstd", "json+lz4"} {
		t.Run("Python client, "+encoding, func(t *testing.T) { assertPythonReads(t, port, encoding, want) })
		t.Run("JDBC, "+encoding, func(t *testing.T) { assertJDBCReads(t, port, encoding, want) })
	}
}

// fetchSpooled runs a query with the Python client and returns what e2e/tools/spooled/fetch.py prints.
func fetchSpooled(port, encoding, query string) (string, error) {
	return command(nil, repository("build", "tools", "sqlalchemy", "bin", "python"),
		repository("e2e", "tools", "spooled", "fetch.py"), "127.0.0.1", port, encoding, query)
}

func assertPythonReads(t *testing.T, port, encoding string, want [][]any) {
	t.Helper()
	answer, err := fetchSpooled(port, encoding, spooledSketches)
	require.NoError(t, err)
	var got struct {
		Segments, Types []string
		Rows            [][]any
	}
	require.NoError(t, decode(answer, &got))
	assert.Equal(t, []string{"SpooledSegment " + encoding}, got.Segments)
	assert.Equal(t, []string{"bigint", "HLL", "varbinary", "HLL", "double"}, got.Types)
	require.Len(t, got.Rows, len(want))
	for i, row := range got.Rows {
		sketch := want[i][1].([]byte)
		require.Equal(t, []any{
			float64(want[i][0].(int64)), base64.StdEncoding.EncodeToString(sketch), hex.EncodeToString(sketch), nil, want[i][4],
		}, row)
	}
}

func assertJDBCReads(t *testing.T, port, encoding string, want [][]any) {
	t.Helper()
	lines := jdbcAt(t, "jdbc:trino://127.0.0.1:"+port+"/tpch/tiny?encoding="+strings.ReplaceAll(encoding, "+", "%2B"), "query", spooledSketches)
	require.Len(t, lines, len(want)*6-1) // a line for each value, and one between rows
	for i, row := range want {
		sketch := hex.EncodeToString(row[1].([]byte))
		require.Equal(t, []string{
			fmt.Sprintf("k\tbigint\tLong\t%d", row[0]), "sketch\tHLL\tbyte[]\t" + sketch, "bytes\tvarbinary\tbyte[]\t" + sketch,
			"nothing\tHLL\tnull\tnull",
		}, lines[i*6:i*6+4])
	}
}
