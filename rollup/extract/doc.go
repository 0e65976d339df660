// Package extract makes partial aggregates of pings: for each day and combination of dimensions, the sum of the
// histograms and values of every metric. docs/rollups.md has the rules.
package extract
