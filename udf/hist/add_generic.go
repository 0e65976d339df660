// SPDX-License-Identifier: Apache-2.0

//go:build !amd64 || purego

package hist

func addWords(into, other []byte) { addByVectors(into, other) }

func addVectors(into, other []byte) int { return genericAddVectors(into, other) }
