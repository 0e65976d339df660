// SPDX-License-Identifier: Apache-2.0

// Package cli is the commands of headcount: their flags, and how they are put together of the packages beside
// this one.
package cli

import (
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// Streams are where a command writes.
type Streams struct {
	Out io.Writer // what was asked for
	Err *os.File  // what else there is to say
}

// Run runs the command line and returns its error.
func Run(ctx context.Context, version string, args []string, streams Streams) error {
	root := &cobra.Command{
		Use:   "headcount",
		Short: "Count people from sketches, on one machine",
		Long: `headcount makes client_count files from client activity, combines them, computes the engagement ratio of any
segment and says what a file holds. Its files are those that Trino and Spark read and write.`,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetArgs(args)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(buildCommand(version, streams), mergeCommand(version, streams), engagementCommand(streams), inspectCommand(streams),
		viewCommand(version, streams), longitudinalCommand(version, streams), generateCommand(streams))
	return root.ExecuteContext(ctx)
}
