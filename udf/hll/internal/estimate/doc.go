// SPDX-License-Identifier: Apache-2.0

// Package estimate has the estimators of Ertl (2017, arXiv 1702.01284) over histograms of registers: the improved estimate
// of one sketch ([Improved]) with its interval ([Bounds]), and the joint maximum-likelihood estimates of two sketches
// ([Intersection], [Jaccard]).
//
// A histogram is exact whatever the order of the registers, and no product of floats is fused with an addition. So the
// results have the same bits on every machine.
package estimate
