// SPDX-License-Identifier: Apache-2.0

//go:build arm64 && !purego

#include "textflag.h"
#include "neon_arm64.h"

// PACK unites the 16 packed bytes in vector old with the registers in vectors low and high. V30 is the base. The registers
// less the base are shifted into the high half of their bytes, and 15 where they do not fit; maxima are taken there, and
// the low nibbles move down at the end. acc0 and acc1 are the maxima so far; nlow and nhigh are the numbers of low and high.
#define PACK(low, nlow, high, nhigh, old, acc0, acc1, tmp) \
	VUMAX low.B16, acc0.B16, acc0.B16   \
	VUMAX high.B16, acc1.B16, acc1.B16  \
	UQSUB(30, nlow, nlow)               \
	UQSUB(30, nhigh, nhigh)             \
	UQSHL4(nlow, nlow)                  \
	UQSHL4(nhigh, nhigh)                \
	VSHL  $4, old.B16, tmp.B16          \
	VUMAX old.B16, high.B16, old.B16    \
	VUMAX tmp.B16, low.B16, low.B16     \
	VSRI  $4, low.B16, old.B16

// func unionPackedNEON(packed, src *byte, n int, base byte) (largest byte)
TEXT ·unionPackedNEON(SB), NOSPLIT, $0-33
	MOVD  packed+0(FP), R0
	MOVD  src+8(FP), R1
	MOVD  n+16(FP), R2
	MOVBU base+24(FP), R3
	VDUP  R3, V30.B16
	VEOR  V0.B16, V0.B16, V0.B16
	VEOR  V1.B16, V1.B16, V1.B16
	VEOR  V2.B16, V2.B16, V2.B16
	VEOR  V3.B16, V3.B16, V3.B16
	SUBS  $64, R2
	BLO   pack32

pack64:
	VLD1.P 64(R1), [V4.B16, V5.B16, V6.B16, V7.B16]
	VLD1.P 64(R1), [V16.B16, V17.B16, V18.B16, V19.B16]
	VLD1   (R0), [V20.B16, V21.B16, V22.B16, V23.B16]
	PACK(V4, 4, V6, 6, V20, V0, V1, V24)
	PACK(V5, 5, V7, 7, V21, V2, V3, V25)
	PACK(V16, 16, V18, 18, V22, V0, V1, V26)
	PACK(V17, 17, V19, 19, V23, V2, V3, V27)
	VST1.P [V20.B16, V21.B16, V22.B16, V23.B16], 64(R0)
	SUBS   $64, R2
	BHS    pack64

pack32:
	ADDS $64, R2
	BEQ  packdone
	VLD1 (R1), [V4.B16, V5.B16, V6.B16, V7.B16]
	VLD1 (R0), [V20.B16, V21.B16]
	PACK(V4, 4, V6, 6, V20, V0, V1, V24)
	PACK(V5, 5, V7, 7, V21, V2, V3, V25)
	VST1 [V20.B16, V21.B16], (R0)

packdone:
	MAXBYTE(R3)
	MOVB  R3, largest+32(FP)
	RET

// The smallest of whole bytes has the smallest high nibble, whatever the low ones are. The low nibbles are compared in the
// high half of their bytes.

// func smallestPackedNEON(packed *byte, n int) (smallest byte)
TEXT ·smallestPackedNEON(SB), NOSPLIT, $0-17
	MOVD  packed+0(FP), R1
	MOVD  n+8(FP), R2
	VMOVI $255, V0.B16
	VMOVI $255, V1.B16
	VMOVI $255, V2.B16
	VMOVI $255, V3.B16

smallest64:
	VLD1.P 64(R1), [V4.B16, V5.B16, V6.B16, V7.B16]
	VSHL   $4, V4.B16, V16.B16
	VSHL   $4, V5.B16, V17.B16
	VSHL   $4, V6.B16, V18.B16
	VSHL   $4, V7.B16, V19.B16
	VUMIN  V4.B16, V0.B16, V0.B16
	VUMIN  V5.B16, V1.B16, V1.B16
	VUMIN  V6.B16, V2.B16, V2.B16
	VUMIN  V7.B16, V3.B16, V3.B16
	VUMIN  V16.B16, V0.B16, V0.B16
	VUMIN  V17.B16, V1.B16, V1.B16
	VUMIN  V18.B16, V2.B16, V2.B16
	VUMIN  V19.B16, V3.B16, V3.B16
	SUBS   $64, R2
	BNE    smallest64

	MINBYTE(R3)
	LSR   $4, R3
	MOVB  R3, smallest+16(FP)
	RET

// func unpackNEON(dst, packed *byte, n int, base byte)
TEXT ·unpackNEON(SB), NOSPLIT, $0-25
	MOVD  dst+0(FP), R0
	MOVD  packed+8(FP), R1
	MOVD  n+16(FP), R2
	MOVBU base+24(FP), R3
	VDUP  R3, V30.B16
	VMOVI $15, V31.B16

unpack32:
	VLD1.P 32(R1), [V0.B16, V1.B16]
	VUSHR  $4, V0.B16, V2.B16
	VUSHR  $4, V1.B16, V3.B16
	VAND   V31.B16, V0.B16, V0.B16
	VAND   V31.B16, V1.B16, V1.B16
	VADD   V30.B16, V0.B16, V0.B16
	VADD   V30.B16, V1.B16, V1.B16
	VADD   V30.B16, V2.B16, V2.B16
	VADD   V30.B16, V3.B16, V3.B16
	VST1.P [V0.B16, V1.B16, V2.B16, V3.B16], 64(R0)
	SUBS   $32, R2
	BNE    unpack32
	RET
