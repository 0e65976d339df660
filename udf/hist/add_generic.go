// SPDX-License-Identifier: Apache-2.0

//go:build !amd64 || purego

package hist

func addVectors(into, other []byte) int { return genericAddVectors(into, other) }
