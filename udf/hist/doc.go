// SPDX-License-Identifier: Apache-2.0

// Package hist holds the arithmetic of Telemetry histograms: the buckets of a layout, sums of bucket arrays,
// percentiles and means.
//
// A layout is a list of n ascending lower bounds b[0..n-1]. Bucket i counts the values v with
// b[i] <= v < b[i+1]; the last bucket has no upper bound, and bucket 0 also takes values below b[0].
//
//	exponential(lo, hi, n)  b[0] = 0, b[1] = lo; for i = 2..n-1, with c = b[i-1]:
//	                        x = floor(exp(ln c + (ln hi - ln c) / (n - i)) + 0.5), b[i] = max(x, c + 1)
//	linear(lo, hi, n)       b[0] = 0; b[i] = trunc((lo*(n-1-i) + hi*(i-1)) / (n-2) + 0.5)
//	enumerated(v)           linear(1, v, v+1)
//	boolean, flag, count    0, 1, 2
//	categorical(k)          0, 1, ..., k: a bucket for each of k labels, and one for values beyond them
//
// These are the formulas of Firefox's histogram_tools.py, which made the buckets that clients send.
//
// A bucket array has one count per bucket. Arrays of different length are added as if the shorter one ended with
// zeros. Every addition saturates at the limits of int64. A histogram array ends with two further elements, the sum
// of the recorded values and the number of histograms that were added; these are added to each other, not to buckets.
//
// With total = sum of c[i], the percentile p (0 to 100) is found at rank r = total*p/100. Bucket i is the first with
// c[i] > 0 and c[0] + ... + c[i] >= r. The value is b[i] + (b[i+1] - b[i]) * (r - c[0] - ... - c[i-1]) / c[i], and
// b[n-1] in the last bucket. Negative counts are read as 0.
//
// The mean is the sum of c[i]*m[i] divided by total, where m[i] = (b[i] + b[i+1]) / 2, and m[n-1] = b[n-1].
package hist
