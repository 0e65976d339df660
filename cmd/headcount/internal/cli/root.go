// SPDX-License-Identifier: Apache-2.0

// Package cli has the commands of headcount and their flags.
package cli

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// Streams are the outputs of a command.
type Streams struct {
	Out io.Writer // results
	Err *os.File  // notes, errors and progress
}

// Run runs the command line and returns its error.
func Run(ctx context.Context, version string, args []string, streams Streams) error {
	root := &cobra.Command{
		Use:   "headcount",
		Short: "Count distinct clients with sketches, on one machine",
		Long: `headcount makes client_count files from client activity, combines and describes them, and computes the engagement
ratio of any segment. Trino and Spark read and write the same files.`,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetArgs(args)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(buildCommand(version, streams), mergeCommand(version, streams), engagementCommand(streams), serveCommand(streams), inspectCommand(streams),
		viewCommand(version, streams), longitudinalCommand(version, streams), generateCommand(streams))
	return root.ExecuteContext(ctx)
}
