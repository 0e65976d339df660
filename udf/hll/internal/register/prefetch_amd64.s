// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

#include "textflag.h"

// func prefetch(memory *byte, offsets *int32, n int)
TEXT ·prefetch(SB), NOSPLIT, $0-24
	MOVQ memory+0(FP), SI
	MOVQ offsets+8(FP), DI
	MOVQ n+16(FP), CX
	TESTQ CX, CX
	JLE  done

loop:
	MOVLQSX    (DI), AX
	PREFETCHT0 (SI)(AX*1)
	ADDQ       $4, DI
	DECQ       CX
	JNZ        loop

done:
	RET
