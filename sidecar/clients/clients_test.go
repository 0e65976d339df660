// Package clients has those that others made call a server: each is a program that checks its own answers.
package clients

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/sidecar/ops"
)

// python is where make clients installs what requirements.txt names.
const python = "../../build/clients/bin/python"

func TestOthersClientsAreAnswered(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "socket")
	config := ops.Defaults()
	config.Listen, config.Metrics = []string{"127.0.0.1:0", "unix:" + socket}, ""
	server, err := ops.Start(config, t.Output())
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	address := server.Addresses[0].String()
	for name, arguments := range map[string][]string{
		"pyarrow over TCP":           {"pyarrow_client.py", "grpc+tcp://" + address},
		"pyarrow over a Unix socket": {"pyarrow_client.py", "grpc+unix://" + socket},
		"databend":                   {"databend_client.py", address},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			out, err := exec.CommandContext(ctx, python, arguments...).CombinedOutput()
			require.NoError(t, err, "%s\nwithout %s: run make clients", out, python)
		})
	}
}
