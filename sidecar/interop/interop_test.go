// SPDX-License-Identifier: Apache-2.0

// Package interop tests the sidecar with third-party clients: pyarrow, Databend, arrow-udf.
package interop

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/sidecar"
)

// "make clients" installs these: Python with the packages of requirements.txt, and the client in folder arrow-udf.
const (
	python   = "../../build/clients/bin/python"
	arrowUDF = "../../build/arrow-udf/debug/arrow-udf-client"
)

// serve starts a sidecar and returns its addresses.
func serve(t *testing.T) (address, socket string) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "socket")
	config := sidecar.Defaults()
	config.Listen, config.Metrics = []string{"127.0.0.1:0", "unix:" + socket}, ""
	server, err := sidecar.Start(config, t.Output())
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	return server.Addresses[0].String(), socket
}

// run runs a client, which must exit with 0, and returns its output.
func run(t *testing.T, program string, arguments ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, arguments...).CombinedOutput()
	require.NoError(t, err, "%s\nif %s is missing, run make clients", out, program)
	return string(out)
}

// Each client checks the answers that it gets.
func TestClients_GetTheRightAnswers(t *testing.T) {
	address, socket := serve(t)
	for name, arguments := range map[string][]string{
		"pyarrow over TCP":           {"pyarrow_client.py", "grpc+tcp://" + address},
		"pyarrow over a Unix socket": {"pyarrow_client.py", "grpc+unix://" + socket},
		"databend":                   {"databend_client.py", address},
		"views, dictionaries, LZ4":   {"encodings_client.py", "grpc+tcp://" + address},
	} {
		t.Run(name, func(t *testing.T) { run(t, python, arguments...) })
	}
}

// The ids and the cardinality of their union are list0-b12 of the vectors (sets.jsonl).
func TestArrowUDFClient_GetsTheRightAnswers(t *testing.T) {
	address, _ := serve(t)
	assert.Regexp(t, `^protocol version 2
hll_create\(Utf8\) -> Binary
hll_cardinality\(Binary\) -> Int64
rows:hll_cardinality\(Binary\) -> Int64
hll_union\(Binary, Binary\) -> Binary
hll_union\(list<binary>\)\(List.*Binary.*\) -> Binary
listed hll_union\(binary,binary\)
listed hll_union\(list<binary>\)
cardinalities \[1, 1, 1, 1\]
of their union \[3\]
of their array \[3\]
by row \[Some\(1\), None\] \[None, Some\("hll: .*"\)\]
without errors 1 column
rejected: .*InvalidArgument.*row 0: hll: .*"headcount-code": "malformed".*
$`, run(t, arrowUDF, "http://"+address, "a", "b", "c", "c"))
}
