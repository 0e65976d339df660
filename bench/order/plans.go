// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"
	"strings"
)

// A plan is an order in which sketches are united: a leaf is the number of a sketch, any other plan unites the results of its
// parts, in their order, by one call.
type plan struct {
	leaf  int
	parts []plan
}

// String writes the plan as every side reads it: [[0,1],2].
func (p plan) String() string {
	if p.parts == nil {
		return fmt.Sprint(p.leaf)
	}
	parts := make([]string, len(p.parts))
	for i, part := range p.parts {
		parts[i] = part.String()
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// orders returns the n! orders of the numbers below n.
func orders(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, order := range orders(n - 1) {
		for at := range n {
			all = append(all, slices.Insert(slices.Clone(order), at, n-1))
		}
	}
	return all
}

// chains returns a plan for each order: all sketches are given to one union, one after the other.
func chains(n int) []plan {
	var all []plan
	for _, order := range orders(n) {
		var p plan
		for _, i := range order {
			p.parts = append(p.parts, plan{leaf: i})
		}
		all = append(all, p)
	}
	return all
}

// trees returns n! * Catalan(n - 1) plans: every binary tree over every order. Each inner node is a union of two, whose result is
// written to bytes and read again, as between the nodes of a cluster.
func trees(n int) []plan {
	var all []plan
	for _, order := range orders(n) {
		all = append(all, treesOver(order)...)
	}
	return all
}

func treesOver(order []int) []plan {
	if len(order) == 1 {
		return []plan{{leaf: order[0]}}
	}
	var all []plan
	for cut := 1; cut < len(order); cut++ {
		for _, left := range treesOver(order[:cut]) {
			for _, right := range treesOver(order[cut:]) {
				all = append(all, plan{parts: []plan{left, right}})
			}
		}
	}
	return all
}
