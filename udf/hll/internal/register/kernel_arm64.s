// SPDX-License-Identifier: Apache-2.0

//go:build arm64 && !purego

#include "textflag.h"
#include "neon_arm64.h"

// A maximum taken twice is the same maximum. So the last vector, at the end of the slices, may overlap what has been united
// before it.

// func unionNEON(dst, src *byte, n int) (largest byte)
TEXT ·unionNEON(SB), NOSPLIT, $0-25
	MOVD dst+0(FP), R0
	MOVD src+8(FP), R1
	MOVD n+16(FP), R2
	CLEAR4(V0, V1, V2, V3)
	SUBS $128, R2
	BLO  union16

union128:
	VLD1.P 64(R1), [V4.B16, V5.B16, V6.B16, V7.B16]
	VLD1.P 64(R1), [V16.B16, V17.B16, V18.B16, V19.B16]
	MOVD   R0, R3
	VLD1.P 64(R3), [V20.B16, V21.B16, V22.B16, V23.B16]
	VLD1   (R3), [V24.B16, V25.B16, V26.B16, V27.B16]
	MAX4(V4, V5, V6, V7)
	MAX4(V16, V17, V18, V19)
	VUMAX  V4.B16, V20.B16, V20.B16
	VUMAX  V5.B16, V21.B16, V21.B16
	VUMAX  V6.B16, V22.B16, V22.B16
	VUMAX  V7.B16, V23.B16, V23.B16
	VUMAX  V16.B16, V24.B16, V24.B16
	VUMAX  V17.B16, V25.B16, V25.B16
	VUMAX  V18.B16, V26.B16, V26.B16
	VUMAX  V19.B16, V27.B16, V27.B16
	VST1.P [V20.B16, V21.B16, V22.B16, V23.B16], 64(R0)
	VST1.P [V24.B16, V25.B16, V26.B16, V27.B16], 64(R0)
	SUBS   $128, R2
	BHS    union128

union16:
	ADDS $(128-16), R2
	BMI  unionlast

unionvector:
	VLD1.P 16(R1), [V4.B16]
	VLD1   (R0), [V20.B16]
	VUMAX  V4.B16, V0.B16, V0.B16
	VUMAX  V4.B16, V20.B16, V20.B16
	VST1.P [V20.B16], 16(R0)
	SUBS   $16, R2
	BPL    unionvector

unionlast:
	ADDS $16, R2 // bytes left, less than 16
	BEQ  uniondone
	SUB  $16, R2
	ADD  R2, R0  // the last 16 bytes
	ADD  R2, R1
	VLD1 (R1), [V4.B16]
	VLD1 (R0), [V20.B16]
	VUMAX V4.B16, V1.B16, V1.B16
	VUMAX V4.B16, V20.B16, V20.B16
	VST1 [V20.B16], (R0)

uniondone:
	MAXBYTE(R2)
	MOVB  R2, largest+24(FP)
	RET

// func largestNEON(src *byte, n int) (largest byte)
TEXT ·largestNEON(SB), NOSPLIT, $0-17
	MOVD src+0(FP), R1
	MOVD n+8(FP), R2
	CLEAR4(V0, V1, V2, V3)
	SUBS $256, R2
	BLO  largest16

largest256:
	VLD1.P 64(R1), [V4.B16, V5.B16, V6.B16, V7.B16]
	VLD1.P 64(R1), [V16.B16, V17.B16, V18.B16, V19.B16]
	VLD1.P 64(R1), [V20.B16, V21.B16, V22.B16, V23.B16]
	VLD1.P 64(R1), [V24.B16, V25.B16, V26.B16, V27.B16]
	MAX4(V4, V5, V6, V7)
	MAX4(V16, V17, V18, V19)
	MAX4(V20, V21, V22, V23)
	MAX4(V24, V25, V26, V27)
	SUBS   $256, R2
	BHS    largest256

largest16:
	ADDS $(256-16), R2
	BMI  largestlast

largestvector:
	VLD1.P 16(R1), [V4.B16]
	VUMAX  V4.B16, V0.B16, V0.B16
	SUBS   $16, R2
	BPL    largestvector

largestlast:
	ADD  R2, R1 // the last 16 bytes; R2 is 16 less than what is left
	VLD1 (R1), [V4.B16]
	VUMAX V4.B16, V0.B16, V0.B16
	MAXBYTE(R2)
	MOVB  R2, largest+16(FP)
	RET

// func blockAboveNEON(src *byte, n int, limit byte) (start int)
TEXT ·blockAboveNEON(SB), NOSPLIT, $0-32
	MOVD  src+0(FP), R1
	MOVD  n+8(FP), R2
	MOVBU limit+16(FP), R4
	MOVD  R1, R5

above128:
	VLD1.P 64(R1), [V0.B16, V1.B16, V2.B16, V3.B16]
	VLD1.P 64(R1), [V4.B16, V5.B16, V6.B16, V7.B16]
	VUMAX  V1.B16, V0.B16, V0.B16
	VUMAX  V3.B16, V2.B16, V2.B16
	VUMAX  V5.B16, V4.B16, V4.B16
	VUMAX  V7.B16, V6.B16, V6.B16
	VUMAX  V2.B16, V0.B16, V0.B16
	VUMAX  V6.B16, V4.B16, V4.B16
	VUMAX  V4.B16, V0.B16, V0.B16
	UMAXV(0, 0)
	FMOVS  F0, R3
	CMPW   R4, R3
	BHI    abovefound
	SUBS   $128, R2
	BNE    above128
	SUB    R5, R1
	MOVD   R1, start+24(FP)
	RET

abovefound:
	SUB  $128, R1
	SUB  R5, R1
	MOVD R1, start+24(FP)
	RET

// func rangeNEON(src *byte, n int) (smallest, largest byte, zeros int)
TEXT ·rangeNEON(SB), NOSPLIT, $0-32
	MOVD src+0(FP), R1
	MOVD n+8(FP), R2
	VMOVI $255, V0.B16 // smallest
	VMOVI $255, V1.B16
	VMOVI $255, V2.B16
	VMOVI $255, V3.B16
	CLEAR4(V4, V5, V6, V7) // largest
	CLEAR4(V16, V17, V18, V19) // zeros
	VEOR V31.B16, V31.B16, V31.B16 // stays 0

range64:
	VLD1.P 64(R1), [V20.B16, V21.B16, V22.B16, V23.B16]
	VUMIN  V20.B16, V0.B16, V0.B16
	VUMIN  V21.B16, V1.B16, V1.B16
	VUMIN  V22.B16, V2.B16, V2.B16
	VUMIN  V23.B16, V3.B16, V3.B16
	VUMAX  V20.B16, V4.B16, V4.B16
	VUMAX  V21.B16, V5.B16, V5.B16
	VUMAX  V22.B16, V6.B16, V6.B16
	VUMAX  V23.B16, V7.B16, V7.B16
	VCMEQ  V31.B16, V20.B16, V20.B16
	VCMEQ  V31.B16, V21.B16, V21.B16
	VCMEQ  V31.B16, V22.B16, V22.B16
	VCMEQ  V31.B16, V23.B16, V23.B16
	VSUB   V20.B16, V16.B16, V16.B16
	VSUB   V21.B16, V17.B16, V17.B16
	VSUB   V22.B16, V18.B16, V18.B16
	VSUB   V23.B16, V19.B16, V19.B16
	SUBS   $64, R2
	BNE    range64

	MINBYTE(R3)
	MOVB  R3, smallest+16(FP)
	VUMAX V5.B16, V4.B16, V4.B16
	VUMAX V7.B16, V6.B16, V6.B16
	VUMAX V6.B16, V4.B16, V4.B16
	UMAXV(4, 4)
	VMOV  V4.B[0], R3
	MOVB  R3, largest+17(FP)
	VUADDLV V16.B16, V16
	VUADDLV V17.B16, V17
	VUADDLV V18.B16, V18
	VUADDLV V19.B16, V19
	VMOV  V16.H[0], R3
	VMOV  V17.H[0], R4
	VMOV  V18.H[0], R5
	VMOV  V19.H[0], R6
	ADD   R4, R3
	ADD   R6, R5
	ADD   R5, R3
	MOVD  R3, zeros+24(FP)
	RET

// 2^(15-i) for i in 0..15, its low and its high byte.
DATA weightlow<>+0(SB)/8, $0x0000000000000000
DATA weightlow<>+8(SB)/8, $0x0102040810204080
GLOBL weightlow<>(SB), RODATA|NOPTR, $16
DATA weighthigh<>+0(SB)/8, $0x0102040810204080
DATA weighthigh<>+8(SB)/8, $0x0000000000000000
GLOBL weighthigh<>(SB), RODATA|NOPTR, $16

// FAR adds the far registers of the vector at offset off: those of which r - smallest, in v, is 16 or more. V28 is 16 in
// every byte.
#define FAR(off, v) \
	CMHS(28, v, 24)        \
	SHRN4(24, 24)          \
	VMOV V24.D[0], R7      \
	MOVD $off, R8          \
	CBZ  R7, 2(PC)         \
	CALL weighfar<>(SB)

// weighfar adds the registers of one vector to R9 whose four bits in R7 are set; the vector is R8 bytes before R1. R10 is
// 39 + smallest. It changes R7, R11, R12 and R13.
TEXT weighfar<>(SB), NOSPLIT|NOFRAME, $0-0
	SUB  R8, R1, R8

weighone:
	RBIT R7, R11
	CLZ  R11, R11         // four times the place of the register
	LSR  $2, R11, R12
	MOVBU (R8)(R12), R12
	SUB  R12, R10, R12    // 39 - (r - smallest)
	MOVD $1, R13
	LSL  R12, R13, R13
	ADD  R13, R9
	MOVD $15, R13
	LSL  R11, R13, R13
	BIC  R13, R7
	CBNZ R7, weighone
	RET

// VTBL gives 0 for an index of 16 or more, so that the tables leave out the far registers, which are few: they are added
// one by one.

// func weighNEON(src *byte, n int, smallest byte) (sum uint64)
TEXT ·weighNEON(SB), NOSPLIT, $16-32
	MOVD  src+0(FP), R1
	MOVD  n+8(FP), R2
	MOVBU smallest+16(FP), R3
	VDUP  R3, V29.B16
	ADD   $39, R3, R10
	MOVD  ZR, R9 // sum of the far registers
	MOVD  $weightlow<>(SB), R4
	VLD1  (R4), [V30.B16]
	MOVD  $weighthigh<>(SB), R4
	VLD1  (R4), [V31.B16]
	VMOVI $16, V28.B16
	VEOR  V0.B16, V0.B16, V0.B16 // sums of low bytes, two and two vectors
	VEOR  V1.B16, V1.B16, V1.B16
	VEOR  V2.B16, V2.B16, V2.B16 // sums of high bytes
	VEOR  V3.B16, V3.B16, V3.B16

weigh64:
	VLD1.P 64(R1), [V4.B16, V5.B16, V6.B16, V7.B16]
	VSUB   V29.B16, V4.B16, V4.B16
	VSUB   V29.B16, V5.B16, V5.B16
	VSUB   V29.B16, V6.B16, V6.B16
	VSUB   V29.B16, V7.B16, V7.B16
	VTBL   V4.B16, [V30.B16], V16.B16
	VTBL   V5.B16, [V30.B16], V17.B16
	VTBL   V6.B16, [V30.B16], V18.B16
	VTBL   V7.B16, [V30.B16], V19.B16
	VTBL   V4.B16, [V31.B16], V20.B16
	VTBL   V5.B16, [V31.B16], V21.B16
	VTBL   V6.B16, [V31.B16], V22.B16
	VTBL   V7.B16, [V31.B16], V23.B16
	UADALP(16, 0)
	UADALP(17, 1)
	UADALP(18, 0)
	UADALP(19, 1)
	UADALP(20, 2)
	UADALP(21, 3)
	UADALP(22, 2)
	UADALP(23, 3)
	VUMAX  V5.B16, V4.B16, V24.B16
	VUMAX  V7.B16, V6.B16, V25.B16
	VUMAX  V25.B16, V24.B16, V24.B16
	UMAXV(24, 24)
	FMOVS  F24, R7
	CMPW   $16, R7
	BHS    weighsome

weighnext:
	SUBS $64, R2
	BNE  weigh64

	VUADDLV V0.H8, V0
	VUADDLV V1.H8, V1
	VUADDLV V2.H8, V2
	VUADDLV V3.H8, V3
	FMOVS F0, R4
	FMOVS F1, R5
	FMOVS F2, R6
	FMOVS F3, R7
	ADD   R5, R4
	ADD   R7, R6
	ADD   R6<<8, R4
	ADD   R4<<24, R9 // from units of 2^-15 to units of 2^-39
	MOVD  R9, sum+24(FP)
	RET

weighsome:
	FAR(64, 4)
	FAR(48, 5)
	FAR(32, 6)
	FAR(16, 7)
	B weighnext
