// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

#include "textflag.h"
#include "reduce_amd64.h"

// PACK unites the 32 packed bytes at offset off with the 64 registers at twice that. Y14 is the base and
// Y15 is 15 in every byte. Taking the smaller of 15 first leaves room to shift words by 4.
#define PACK(off, acc0, acc1, low, high, old, oldlow) \
	VMOVDQU 2*off(SI), low       \
	VMOVDQU 2*off+32(SI), high   \
	VMOVDQU off(DI), old         \
	VPMAXUB low, acc0, acc0      \
	VPMAXUB high, acc1, acc1     \
	VPSUBUSB Y14, low, low       \
	VPSUBUSB Y14, high, high     \
	VPMINUB Y15, low, low        \
	VPMINUB Y15, high, high      \
	VPSLLW $4, high, high        \
	VPAND Y15, old, oldlow       \
	VPXOR oldlow, old, old       \
	VPMAXUB oldlow, low, low     \
	VPMAXUB old, high, high      \
	VPOR low, high, high         \
	VMOVDQU high, off(DI)

// func unionPackedAVX2(packed, src *byte, n int, base byte) (largest byte)
TEXT ·unionPackedAVX2(SB), NOSPLIT, $0-33
	MOVQ packed+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	MOVBLZX base+24(FP), AX
	VMOVD AX, X14
	VPBROADCASTB X14, Y14
	MOVL $15, AX
	VMOVD AX, X15
	VPBROADCASTB X15, Y15
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	SUBQ $64, CX
	JB   pack32

pack64:
	PACK(0, Y0, Y1, Y4, Y5, Y6, Y7)
	PACK(32, Y2, Y3, Y8, Y9, Y10, Y11)
	ADDQ $128, SI
	ADDQ $64, DI
	SUBQ $64, CX
	JAE  pack64

pack32:
	ADDQ $64, CX
	JE   packdone
	PACK(0, Y0, Y1, Y4, Y5, Y6, Y7)

packdone:
	VPMAXUB Y1, Y0, Y0
	VPMAXUB Y3, Y2, Y2
	VPMAXUB Y2, Y0, Y0
	MAXBYTE(Y0, X0, X1, AX)
	MOVB AX, largest+32(FP)
	VZEROUPPER
	RET

// The smallest of whole bytes has the smallest high nibble, whatever the low ones are.

// func smallestPackedAVX2(packed *byte, n int) (smallest byte)
TEXT ·smallestPackedAVX2(SB), NOSPLIT, $0-17
	MOVQ packed+0(FP), SI
	MOVQ n+8(FP), CX
	MOVL $15, AX
	VMOVD AX, X15
	VPBROADCASTB X15, Y15
	VPCMPEQB Y0, Y0, Y0 // low nibbles
	VPCMPEQB Y1, Y1, Y1 // whole bytes
	VPCMPEQB Y2, Y2, Y2
	VPCMPEQB Y3, Y3, Y3
	SUBQ $64, CX
	JB   smallest32

smallest64:
	VMOVDQU (SI), Y4
	VMOVDQU 32(SI), Y5
	VPMINUB Y4, Y1, Y1
	VPMINUB Y5, Y3, Y3
	VPAND Y15, Y4, Y4
	VPAND Y15, Y5, Y5
	VPMINUB Y4, Y0, Y0
	VPMINUB Y5, Y2, Y2
	ADDQ $64, SI
	SUBQ $64, CX
	JAE  smallest64

smallest32:
	ADDQ $64, CX
	JE   smallestdone
	VMOVDQU (SI), Y4
	VPMINUB Y4, Y1, Y1
	VPAND Y15, Y4, Y4
	VPMINUB Y4, Y0, Y0

smallestdone:
	VPMINUB Y2, Y0, Y0
	VPMINUB Y3, Y1, Y1
	VPSRLW $4, Y1, Y1
	VPAND Y15, Y1, Y1
	VPMINUB Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPMINUB X1, X0, X0
	MINBYTE(X0, X1, AX)
	MOVB AX, smallest+16(FP)
	VZEROUPPER
	RET

// func unpackAVX2(dst, packed *byte, n int, base byte)
TEXT ·unpackAVX2(SB), NOSPLIT, $0-25
	MOVQ dst+0(FP), DI
	MOVQ packed+8(FP), SI
	MOVQ n+16(FP), CX
	MOVBLZX base+24(FP), AX
	VMOVD AX, X14
	VPBROADCASTB X14, Y14
	MOVL $15, AX
	VMOVD AX, X15
	VPBROADCASTB X15, Y15

unpack32:
	VMOVDQU (SI), Y0
	VPSRLW $4, Y0, Y1
	VPAND Y15, Y0, Y0
	VPAND Y15, Y1, Y1
	VPADDB Y14, Y0, Y0
	VPADDB Y14, Y1, Y1
	VMOVDQU Y0, (DI)
	VMOVDQU Y1, 32(DI)
	ADDQ $32, SI
	ADDQ $64, DI
	SUBQ $32, CX
	JNE  unpack32

	VZEROUPPER
	RET
