//go:build !amd64 || purego

package register

func accelerated() bool { return false }

func union(dst, src []byte) byte { return genericUnion(dst, src) }

func largest(src []byte) byte { return genericLargest(src) }

func sumBlock(src []byte) Sums { return genericSumBlock(src) }
