package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/rollup/load"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
)

func loadCommand() *cobra.Command {
	return intoPostgres(load.Load, cobra.Command{
		Use:   "load --postgres FILE --partials FOLDER",
		Short: "Add partial aggregates to PostgreSQL",
		Long: `Adds each day of a folder in one transaction. A day that was loaded before is skipped; one that was loaded with other content is
an error, and rebuild replaces it.`,
	})
}

func rebuildCommand() *cobra.Command {
	return intoPostgres(load.Rebuild, cobra.Command{
		Use:   "rebuild --postgres FILE --partials FOLDER",
		Short: "Replace everything in PostgreSQL by the partial aggregates of a folder",
		Long:  `Replaces all roll-ups in one transaction. The folder must have all days.`,
	})
}

// intoPostgres returns a command that gives a folder to PostgreSQL.
func intoPostgres(run func(context.Context, *pgxpool.Pool, string, func(load.Result)) error, c cobra.Command) *cobra.Command {
	var connection, partials string
	c.Args = cobra.NoArgs
	c.RunE = func(c *cobra.Command, _ []string) error {
		pool, err := postgres.Connect(c.Context(), connection)
		if err != nil {
			return err
		}
		defer pool.Close()
		return run(c.Context(), pool, partials, func(r load.Result) {
			done := "loaded"
			if r.Skipped {
				done = "skipped, loaded before"
			}
			fmt.Fprintf(c.OutOrStdout(), "%s %s: %d rows %s\n", r.Kind, r.Day, r.Rows, done)
		})
	}
	c.Flags().StringVar(&connection, "postgres", "", "file with the connection string, postgres://USER:PASSWORD@HOST/DATABASE")
	c.Flags().StringVar(&partials, "partials", "", "folder of partial aggregates, as aggregate writes it")
	c.MarkFlagRequired("postgres")
	c.MarkFlagRequired("partials")
	return &c
}
