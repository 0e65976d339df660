// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

#include "textflag.h"
#include "reduce_amd64.h"

// ONE unites the vector at offset off and adds it to the maxima in acc.
#define ONE(off, acc, tmp)      \
	VMOVDQU off(SI), tmp        \
	VPMAXUB tmp, acc, acc       \
	VPMAXUB off(DI), tmp, tmp   \
	VMOVDQU tmp, off(DI)

// A maximum taken twice is the same maximum. So the first and the last vector lie at the ends of dst, the
// vectors between at aligned addresses of it, and they may overlap. A load from what was just stored would
// wait, so both ends are computed before the loop and stored after it.

// The first lines after src are requested before the loop: in a column they are the next row, and the processor's own prefetching stops at
// the end of a page, which a sketch of 12 bits fills. A prefetch cannot fault.

// func unionAVX2(dst, src *byte, n int) (largest byte)
TEXT ·unionAVX2(SB), NOSPLIT, $0-25
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	CMPQ CX, $32
	JB   union16
	PREFETCHT0 (SI)(CX*1)
	PREFETCHT0 64(SI)(CX*1)
	PREFETCHT0 128(SI)(CX*1)
	PREFETCHT0 192(SI)(CX*1)
	MOVQ DI, R8            // the first vector of dst
	LEAQ -32(DI)(CX*1), R9 // the last vector of dst
	VMOVDQU (SI), Y0
	VMOVDQU -32(SI)(CX*1), Y1
	VPMAXUB (R8), Y0, Y8
	VPMAXUB (R9), Y1, Y9
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	MOVQ DI, AX
	ORQ  $-32, AX
	NEGQ AX                // 1..32, to the next aligned address
	ADDQ AX, DI
	ADDQ AX, SI
	MOVQ R9, CX
	SUBQ DI, CX            // bytes between, or less than 0
	SUBQ $128, CX
	JLT  union32

union128:
	ONE(0, Y0, Y4)
	ONE(32, Y1, Y5)
	ONE(64, Y2, Y6)
	ONE(96, Y3, Y7)
	ADDQ $128, SI
	ADDQ $128, DI
	SUBQ $128, CX
	JGE  union128

union32:
	CMPQ DI, R9
	JAE  unionends
	ONE(0, Y0, Y4)
	ADDQ $32, SI
	ADDQ $32, DI
	JMP  union32

unionends:
	VMOVDQU Y8, (R8)
	VMOVDQU Y9, (R9)
	VPMAXUB Y3, Y2, Y2
	VPMAXUB Y2, Y0, Y0

uniondone:
	VPMAXUB Y1, Y0, Y0
	MAXBYTE(Y0, X0, X1, AX)
	MOVB AX, largest+24(FP)
	VZEROUPPER
	RET

union16:
	VMOVDQU (SI), X0
	VMOVDQU -16(SI)(CX*1), X1
	VPMAXUB (DI), X0, X4
	VPMAXUB -16(DI)(CX*1), X1, X5
	VMOVDQU X4, (DI)
	VMOVDQU X5, -16(DI)(CX*1)
	JMP uniondone

// func largestAVX2(src *byte, n int) (largest byte)
TEXT ·largestAVX2(SB), NOSPLIT, $0-17
	MOVQ src+0(FP), SI
	MOVQ n+8(FP), CX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	CMPQ CX, $32
	JB   largest16
	LEAQ -32(SI)(CX*1), DX // where the last vector starts
	SUBQ $128, CX
	JB   largest32

largest128:
	VPMAXUB (SI), Y0, Y0
	VPMAXUB 32(SI), Y1, Y1
	VPMAXUB 64(SI), Y2, Y2
	VPMAXUB 96(SI), Y3, Y3
	ADDQ $128, SI
	SUBQ $128, CX
	JAE  largest128

largest32:
	CMPQ SI, DX
	JAE  largestlast
	VPMAXUB (SI), Y0, Y0
	ADDQ $32, SI
	JMP  largest32

largestlast:
	VPMAXUB (DX), Y0, Y0
	VPMAXUB Y1, Y0, Y0
	VPMAXUB Y3, Y2, Y2
	VPMAXUB Y2, Y0, Y0

largestdone:
	MAXBYTE(Y0, X0, X1, AX)
	MOVB AX, largest+16(FP)
	VZEROUPPER
	RET

largest16:
	VMOVDQU (SI), X0
	VPMAXUB -16(SI)(CX*1), X0, X0
	JMP largestdone

// func rangeAVX2(src *byte, n int) (smallest, largest byte, zeros int)
TEXT ·rangeAVX2(SB), NOSPLIT, $0-32
	MOVQ src+0(FP), SI
	MOVQ n+8(FP), CX
	VPCMPEQB Y0, Y0, Y0 // smallest
	VPCMPEQB Y1, Y1, Y1
	VPXOR Y2, Y2, Y2    // largest
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4    // zeros
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6    // stays 0
	SUBQ $64, CX
	JB   range32

range64:
	VMOVDQU (SI), Y7
	VMOVDQU 32(SI), Y8
	VPMINUB Y7, Y0, Y0
	VPMINUB Y8, Y1, Y1
	VPMAXUB Y7, Y2, Y2
	VPMAXUB Y8, Y3, Y3
	VPCMPEQB Y6, Y7, Y7
	VPCMPEQB Y6, Y8, Y8
	VPSUBB Y7, Y4, Y4
	VPSUBB Y8, Y5, Y5
	ADDQ $64, SI
	SUBQ $64, CX
	JAE  range64

range32:
	ADDQ $64, CX
	JE   rangedone
	VMOVDQU (SI), Y7
	VPMINUB Y7, Y0, Y0
	VPMAXUB Y7, Y2, Y2
	VPCMPEQB Y6, Y7, Y7
	VPSUBB Y7, Y4, Y4

rangedone:
	VPSADBW Y6, Y4, Y4
	VPSADBW Y6, Y5, Y5
	VPADDQ Y5, Y4, Y4
	VEXTRACTI128 $1, Y4, X5
	VPADDQ X5, X4, X4
	VPSRLDQ $8, X4, X5
	VPADDQ X5, X4, X4
	VMOVQ X4, BX
	VPMINUB Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPMINUB X1, X0, X0
	MINBYTE(X0, X1, AX)
	VPMAXUB Y3, Y2, Y2
	MAXBYTE(Y2, X2, X3, DX)
	MOVB AX, smallest+16(FP)
	MOVB DX, largest+17(FP)
	MOVQ BX, zeros+24(FP)
	VZEROUPPER
	RET

// 2^(15-i) for i in 0..15, its low and its high byte.
DATA weightlow<>+0(SB)/8, $0x0000000000000000
DATA weightlow<>+8(SB)/8, $0x0102040810204080
GLOBL weightlow<>(SB), RODATA|NOPTR, $16
DATA weighthigh<>+0(SB)/8, $0x0102040810204080
DATA weighthigh<>+8(SB)/8, $0x0000000000000000
GLOBL weighthigh<>(SB), RODATA|NOPTR, $16

// VPSHUFB looks up the low four bits of a byte whose top bit is clear, and gives 0 where it is set. So
// r - smallest + 0x70 looks up r - smallest in 0..15, and gives 0 from 16 on; those few, found by
// their top bits, are added one by one.

// func weighAVX2(src *byte, n int, smallest byte) (sum uint64)
TEXT ·weighAVX2(SB), NOSPLIT, $0-32
	MOVQ src+0(FP), SI
	MOVQ n+8(FP), CX
	MOVBLZX smallest+16(FP), BX
	MOVL $0x70, AX
	SUBL BX, AX
	VMOVD AX, X12
	VPBROADCASTB X12, Y12             // 0x70 - smallest
	VBROADCASTI128 weightlow<>(SB), Y10
	VBROADCASTI128 weighthigh<>(SB), Y11
	VPXOR Y13, Y13, Y13               // stays 0
	VPXOR Y0, Y0, Y0                  // sums of low bytes
	VPXOR Y1, Y1, Y1                  // sums of high bytes
	VPXOR Y8, Y8, Y8                  // the same of the second vector
	VPXOR Y9, Y9, Y9
	ADDL $39, BX                      // 39 + smallest
	MOVQ CX, R8                       // bytes left
	XORL R9, R9                       // sum of the far registers
	SUBQ $64, R8
	JB   weigh32

weigh64:
	VPADDB (SI), Y12, Y2
	VPADDB 32(SI), Y12, Y3
	VPOR Y2, Y3, Y4
	VPMOVMSKB Y4, AX
	VPSHUFB Y2, Y10, Y4
	VPSHUFB Y2, Y11, Y5
	VPSHUFB Y3, Y10, Y6
	VPSHUFB Y3, Y11, Y7
	VPSADBW Y13, Y4, Y4
	VPSADBW Y13, Y5, Y5
	VPSADBW Y13, Y6, Y6
	VPSADBW Y13, Y7, Y7
	VPADDQ Y4, Y0, Y0
	VPADDQ Y5, Y1, Y1
	VPADDQ Y6, Y8, Y8
	VPADDQ Y7, Y9, Y9
	TESTL AX, AX
	JNE  weighfar

weighnext:
	ADDQ $64, SI
	SUBQ $64, R8
	JAE  weigh64

weigh32:
	ADDQ $64, R8
	JE   weighdone
	VPADDB (SI), Y12, Y2
	VPXOR Y3, Y3, Y3   // no second vector: no top bits
	VPSHUFB Y2, Y10, Y4
	VPSHUFB Y2, Y11, Y5
	VPSADBW Y13, Y4, Y4
	VPSADBW Y13, Y5, Y5
	VPADDQ Y4, Y0, Y0
	VPADDQ Y5, Y1, Y1
	XORL R8, R8        // so that weighnext comes to weighdone
	JMP  weighfar

weighdone:
	VPADDQ Y8, Y0, Y0
	VPADDQ Y9, Y1, Y1
	VPSLLQ $8, Y1, Y1
	VPADDQ Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDQ X1, X0, X0
	VPSRLDQ $8, X0, X1
	VPADDQ X1, X0, X0
	VMOVQ X0, AX
	SHLQ $24, AX       // from units of 2^-15 to units of 2^-39
	ADDQ R9, AX
	MOVQ AX, sum+24(FP)
	VZEROUPPER
	RET

weighfar:
	VPMOVMSKB Y2, AX
	VPMOVMSKB Y3, DX
	SHLQ $32, DX
	ORQ  AX, DX
	JE   weighnext

weighone:
	BSFQ DX, AX
	MOVBLZX (SI)(AX*1), R10
	MOVL BX, CX
	SUBL R10, CX       // 39 - (r - smallest)
	MOVL $1, R11
	SHLQ CX, R11
	ADDQ R11, R9
	LEAQ -1(DX), AX
	ANDQ AX, DX
	JNE  weighone
	JMP  weighnext

// func indexAboveAVX2(src *byte, n int, limit byte) (index int)
TEXT ·indexAboveAVX2(SB), NOSPLIT, $0-32
	MOVQ src+0(FP), SI
	MOVQ n+8(FP), CX
	MOVQ SI, DI // where it began
	LEAQ (SI)(CX*1), R9
	VPBROADCASTB limit+16(FP), Y7
	VPXOR Y6, Y6, Y6
	SUBQ $128, CX
	JLT  above32

above128:
	VMOVDQU (SI), Y0
	VPMAXUB 32(SI), Y0, Y0
	VMOVDQU 64(SI), Y1
	VPMAXUB 96(SI), Y1, Y1
	VPMAXUB Y1, Y0, Y0
	VPSUBUSB Y7, Y0, Y0 // not 0 where a byte is above the limit
	VPTEST Y0, Y0
	JNZ  above32
	ADDQ $128, SI
	SUBQ $128, CX
	JGE  above128

above32:
	CMPQ SI, R9
	JAE  abovenone
	VMOVDQU (SI), Y0
	VPSUBUSB Y7, Y0, Y0
	VPCMPEQB Y6, Y0, Y0
	VPMOVMSKB Y0, AX
	XORL $-1, AX
	JNZ  abovefound
	ADDQ $32, SI
	JMP  above32

abovefound:
	BSFL AX, AX
	ADDQ SI, AX
	SUBQ DI, AX
	MOVQ AX, index+24(FP)
	VZEROUPPER
	RET

abovenone:
	MOVQ $-1, index+24(FP)
	VZEROUPPER
	RET
