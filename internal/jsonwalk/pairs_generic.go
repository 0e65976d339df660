// SPDX-License-Identifier: Apache-2.0

//go:build !amd64 || purego

package jsonwalk

func readPairs(b []byte, to []Pair) (n, end int) { return genericReadPairs(b, to) }
