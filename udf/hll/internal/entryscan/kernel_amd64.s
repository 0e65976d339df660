// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

#include "textflag.h"

// Twelve bytes to four words of three bytes.
DATA triples<>+0(SB)/8, $0x8005040380020100
DATA triples<>+8(SB)/8, $0x800b0a0980080706
GLOBL triples<>(SB), RODATA|NOPTR, $16

// REDUCE leaves the result of op over the eight words of the ymm register y, whose low half is x, in r.
#define REDUCE(op, y, x, r)   \
	VEXTRACTI128 $1, y, X4 \
	op           X4, x, x  \
	VPSHUFD $0x4e, x, X4   \
	op           X4, x, x  \
	VPSHUFD $0xb1, x, X4   \
	op           X4, x, x  \
	VMOVD   x, r

// func scan(body *byte, blocks int) (union, smallest, largest uint32, ascending bool)
TEXT ·scan(SB), NOSPLIT, $0-29
	MOVQ body+0(FP), SI
	MOVQ blocks+8(FP), CX
	VBROADCASTI128 triples<>(SB), Y7
	VPXOR Y0, Y0, Y0    // union
	VPXOR Y1, Y1, Y1    // largest
	VPCMPEQD Y2, Y2, Y2 // smallest
	VPCMPEQD Y3, Y3, Y3 // ascending
	VPSRLD $16, Y2, Y6  // the bits of an index

block:
	VMOVDQU (SI), X4
	VINSERTI128 $1, 12(SI), Y4, Y4
	VMOVDQU 3(SI), X5   // the entries after those
	VINSERTI128 $1, 15(SI), Y5, Y5
	VPSHUFB Y7, Y4, Y4
	VPSHUFB Y7, Y5, Y5
	VPOR Y4, Y0, Y0
	VPMAXUD Y4, Y1, Y1
	VPMINUD Y4, Y2, Y2
	VPAND Y6, Y4, Y4
	VPAND Y6, Y5, Y5
	VPCMPGTD Y4, Y5, Y5
	VPAND Y5, Y3, Y3
	ADDQ $24, SI
	DECQ CX
	JNZ  block

	VPMOVMSKB Y3, AX
	CMPL AX, $-1
	SETEQ ascending+28(FP)
	REDUCE(VPOR, Y0, X0, AX)
	MOVL AX, union+16(FP)
	REDUCE(VPMINUD, Y2, X2, AX)
	MOVL AX, smallest+20(FP)
	REDUCE(VPMAXUD, Y1, X1, AX)
	MOVL AX, largest+24(FP)
	VZEROUPPER
	RET
