// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

#include "textflag.h"

// Eight ids at a time, one in each 64-bit lane. The names of Go's hash.go and decimal.go are used below.

// MULTIPLIERS sets Z24 to Z29 to the hash's factors and Z30 to its seed.
#define MULTIPLIERS \
	MOVQ $0x87c37b91114253d5, AX \
	VPBROADCASTQ AX, Z24         \
	MOVQ $0x4cf5ad432745937f, AX \
	VPBROADCASTQ AX, Z25         \
	MOVQ $0xff51afd7ed558ccd, AX \
	VPBROADCASTQ AX, Z26         \
	MOVQ $0xc4ceb9fe1a85ec53, AX \
	VPBROADCASTQ AX, Z27         \
	MOVQ $0x52dce729, AX         \
	VPBROADCASTQ AX, Z28         \
	MOVQ $0x38495ab5, AX         \
	VPBROADCASTQ AX, Z29         \
	MOVQ $12345678, AX           \
	VPBROADCASTQ AX, Z30

// MIX1 is h1 ^= mix1(k), and MIX2 is h2 ^= mix2(k). They change k.
#define MIX1(k, h1) \
	VPMULLQ Z24, k, k \
	VPROLQ $31, k, k  \
	VPMULLQ Z25, k, k \
	VPXORQ k, h1, h1

#define MIX2(k, h2) \
	VPMULLQ Z25, k, k \
	VPROLQ $33, k, k  \
	VPMULLQ Z24, k, k \
	VPXORQ k, h2, h2

// STEP is h = (rotate(h, by) + other)*5 + add.
#define STEP(h, other, by, add, tmp) \
	VPROLQ $by, h, h      \
	VPADDQ other, h, h    \
	VPSLLQ $2, h, tmp     \
	VPADDQ tmp, h, h      \
	VPADDQ add, h, h

// MIXBLOCK is mixBlock. It changes k1 and k2.
#define MIXBLOCK(h1, h2, k1, k2) \
	MIX1(k1, h1)                 \
	STEP(h1, h2, 27, Z28, k1)    \
	MIX2(k2, h2)                 \
	STEP(h2, h1, 31, Z29, k2)

// AVALANCHE is avalanche.
#define AVALANCHE(k, tmp) \
	VPSRLQ $33, k, tmp   \
	VPXORQ tmp, k, k     \
	VPMULLQ Z26, k, k    \
	VPSRLQ $33, k, tmp   \
	VPXORQ tmp, k, k     \
	VPMULLQ Z27, k, k    \
	VPSRLQ $33, k, tmp   \
	VPXORQ tmp, k, k

// FINISH is finish of n bytes.
#define FINISH(h1, h2, n, tmp1, tmp2) \
	VPXORQ n, h1, h1    \
	VPXORQ n, h2, h2    \
	VPADDQ h2, h1, h1   \
	VPADDQ h1, h2, h2   \
	AVALANCHE(h1, tmp1) \
	AVALANCHE(h2, tmp2) \
	VPADDQ h2, h1, h1   \
	VPADDQ h1, h2, h2

// LOADPAIRS loads 16 bytes at each of the eight addresses R8 to R15: the first words to k1 and the second ones to k2. K1 to K3
// select the second to the fourth pair of lanes.
#define LOADPAIRS(xa, za, xb, zb, k1, k2) \
	VMOVDQU (R8), xa                 \
	VMOVDQU (R9), xb                 \
	VBROADCASTI64X2 (R10), K1, za    \
	VBROADCASTI64X2 (R11), K1, zb    \
	VBROADCASTI64X2 (R12), K2, za    \
	VBROADCASTI64X2 (R13), K2, zb    \
	VBROADCASTI64X2 (R14), K3, za    \
	VBROADCASTI64X2 (R15), K3, zb    \
	VPUNPCKLQDQ zb, za, k1           \
	VPUNPCKHQDQ zb, za, k2

// EXTEND is the sign extension of tailWord: a byte is inverted once for each byte before it that has its sign bit set. Z31 has the
// lowest bit of each byte.
#define EXTEND(k, t, tmp) \
	VPSRLQ $7, k, t      \
	VPANDQ Z31, t, t     \
	VPSLLQ $8, t, tmp    \
	VPXORQ tmp, t, t     \
	VPSLLQ $16, t, tmp   \
	VPXORQ tmp, t, t     \
	VPSLLQ $32, t, tmp   \
	VPXORQ tmp, t, t     \
	VPSLLQ $8, t, t      \
	VPSLLQ $8, t, tmp    \
	VPSUBQ t, tmp, t     \
	VPXORQ t, k, k

// func hashStringsAVX512(h1, h2 *uint64, data *byte, size int, starts, lengths *int32, groups int) (done int)
TEXT ·hashStringsAVX512(SB), NOSPLIT, $0-64
	MOVQ h1+0(FP), DI
	MOVQ h2+8(FP), SI
	MOVQ data+16(FP), BX
	MOVQ starts+32(FP), DX
	MULTIPLIERS
	MOVL $0x0c, AX
	KMOVW AX, K1
	MOVL $0x30, AX
	KMOVW AX, K2
	MOVL $0xc0, AX
	KMOVW AX, K3
	MOVQ $0x0101010101010101, AX
	VPBROADCASTQ AX, Z31
	MOVQ $15, AX
	VPBROADCASTQ AX, Z23
	MOVQ $1, AX
	VPBROADCASTQ AX, Z22
	MOVQ size+24(FP), AX
	SUBQ $16, AX
	VPBROADCASTQ AX, Z21   // the last address, less data, that has 16 bytes
	VPSLLQ $7, Z31, Z20    // signBits
	MOVQ $16, AX
	VPBROADCASTQ AX, Z18
	VPXORQ Z19, Z19, Z19
	XORL CX, CX            // groups done

stringsgroup:
	CMPQ CX, groups+48(FP)
	JGE stringsdone
	MOVQ lengths+40(FP), R8
	MOVQ CX, AX
	SHLQ $5, AX
	VPMOVSXDQ (R8)(AX*1), Z4  // n, the lengths
	VPMOVSXDQ (DX), Z5        // the starts
	VPSRLQ $4, Z4, Z6         // blocks
	VPBROADCASTQ X6, Z7
	VPCMPEQQ Z7, Z6, K4       // as many as the first
	VPANDNQ Z4, Z23, Z7
	VPADDQ Z5, Z7, Z7         // the starts of the tails
	VPCMPQ $6, Z21, Z7, K5    // above Z21
	KTESTB K5, K5
	JNZ stringsdone
	VMOVDQA64 Z30, Z0         // h1
	VMOVDQA64 Z30, Z1         // h2
	KMOVW K4, AX
	CMPL AX, $0xff
	JNE stringsmixed
	VMOVQ X6, AX              // blocks
	MOVLQSX 0(DX), R8
	MOVLQSX 4(DX), R9
	MOVLQSX 8(DX), R10
	MOVLQSX 12(DX), R11
	MOVLQSX 16(DX), R12
	MOVLQSX 20(DX), R13
	MOVLQSX 24(DX), R14
	MOVLQSX 28(DX), R15
	ADDQ BX, R8
	ADDQ BX, R9
	ADDQ BX, R10
	ADDQ BX, R11
	ADDQ BX, R12
	ADDQ BX, R13
	ADDQ BX, R14
	ADDQ BX, R15
	TESTQ AX, AX
	JZ stringslast

stringsblock:
	LOADPAIRS(X2, Z2, X3, Z3, Z8, Z9)
	ADDQ $16, R8
	ADDQ $16, R9
	ADDQ $16, R10
	ADDQ $16, R11
	ADDQ $16, R12
	ADDQ $16, R13
	ADDQ $16, R14
	ADDQ $16, R15
	MIXBLOCK(Z0, Z1, Z8, Z9)
	DECQ AX
	JNZ stringsblock

stringslast:
	LOADPAIRS(X2, Z2, X3, Z3, Z8, Z9)

stringstail:
	VPANDQ Z23, Z4, Z6        // bytes of the tail
	VPSLLQ $3, Z6, Z6
	VPSLLVQ Z6, Z22, Z7       // 0 for 64 bits and more
	VPSUBQ Z22, Z7, Z7        // the mask of the first word
	VPANDQ Z7, Z8, Z8
	MOVQ $64, AX
	VPBROADCASTQ AX, Z7
	VPSUBQ Z7, Z6, Z6
	VPMAXSQ Z19, Z6, Z6       // bits in the second word
	VPSLLVQ Z6, Z22, Z7
	VPSUBQ Z22, Z7, Z7
	VPANDQ Z7, Z9, Z9
	VPORQ Z8, Z9, Z7
	VPTESTMQ Z20, Z7, K4
	KTESTB K4, K4
	JNZ stringsextend

stringsmix:
	MIX1(Z8, Z0)
	MIX2(Z9, Z1)
	FINISH(Z0, Z1, Z4, Z2, Z3)
	VMOVDQU64 Z0, (DI)
	VMOVDQU64 Z1, (SI)
	ADDQ $64, DI
	ADDQ $64, SI
	ADDQ $32, DX
	INCQ CX
	JMP stringsgroup

stringsextend:
	EXTEND(Z8, Z2, Z3)
	EXTEND(Z9, Z2, Z3)
	JMP stringsmix

	// Ids of different numbers of blocks: a lane whose blocks are done keeps its hash.
stringsmixed:
	VPTESTMQ Z6, Z6, K4
	KTESTB K4, K4
	JZ stringsmixedlast
	KMOVW K4, K5
	VPGATHERQQ (BX)(Z5*1), K5, Z8
	KMOVW K4, K5
	VPGATHERQQ 8(BX)(Z5*1), K5, Z9
	VMOVDQA64 Z0, Z10
	VMOVDQA64 Z1, Z11
	MIXBLOCK(Z10, Z11, Z8, Z9)
	VMOVDQA64 Z10, K4, Z0
	VMOVDQA64 Z11, K4, Z1
	VPADDQ Z18, Z5, K4, Z5
	VPSUBQ Z22, Z6, K4, Z6
	JMP stringsmixed

stringsmixedlast:
	KXNORW K5, K5, K5
	VPGATHERQQ (BX)(Z5*1), K5, Z8
	KXNORW K5, K5, K5
	VPGATHERQQ 8(BX)(Z5*1), K5, Z9
	JMP stringstail

stringsdone:
	MOVQ CX, done+56(FP)
	VZEROUPPER
	RET

// DIVIDE sets q to v / 10^8 and v to v % 10^8. Z18 is a little less than 10^-8, so that the product is the quotient or one
// less. Z17 is 10^8.
#define DIVIDE(v, q, tmp) \
	VCVTUQQ2PD v, q       \
	VMULPD Z18, q, q      \
	VCVTTPD2UQQ q, q      \
	VPMULLQ Z17, q, tmp   \
	VPSUBQ tmp, v, v      \
	VPCMPUQ $5, Z17, v, K4   \
	VPSUBQ Z17, v, K4, v  \
	VPADDQ Z22, q, K4, q

// DIGITS is digits, of v < 10^8, without the high halves of the characters: bytes 0 to 9. It divides the halves of a number
// with a multiplication whose high half is taken.
#define DIGITS(v, tmp) \
	VPMULUDQ Z16, v, tmp     \
	VPSRLQ $40, tmp, tmp     \
	VPMULUDQ Z15, tmp, Z6    \
	VPSUBQ Z6, v, v          \
	VPSLLQ $32, v, v         \
	VPORQ tmp, v, v          \
	VPMULHUW Z14, v, tmp     \
	VPSRLW $3, tmp, tmp      \
	VPMULLW Z13, tmp, Z6     \
	VPSUBW Z6, v, v          \
	VPSLLD $16, v, v         \
	VPORQ tmp, v, v          \
	VPMULHUW Z12, v, tmp     \
	VPMULLW Z11, tmp, Z6     \
	VPSUBW Z6, v, v          \
	VPSLLW $8, v, v          \
	VPORQ tmp, v, v

// ZEROS sets bits to the number of bits before the first byte of v that is not 0: a multiple of 8, 56 if v has bit 56
// only. v is not 0.
#define ZEROS(v, bits) \
	VPSUBQ v, Z19, bits      \
	VPANDQ v, bits, bits     \
	VPLZCNTQ bits, bits      \
	VPSUBQ bits, Z10, bits   \
	VPANDQ Z9, bits, bits

// func hashIntegersAVX512(h1, h2 *uint64, values *int64, groups int)
TEXT ·hashIntegersAVX512(SB), NOSPLIT, $0-32
	MOVQ h1+0(FP), DI
	MOVQ h2+8(FP), SI
	MOVQ values+16(FP), DX
	MOVQ groups+24(FP), CX
	MULTIPLIERS
	VPXORQ Z19, Z19, Z19
	MOVQ $1, AX
	VPBROADCASTQ AX, Z22
	MOVQ $100000000, AX
	VPBROADCASTQ AX, Z17
	MOVQ $0x3e45798ee2308c36, AX // 10^-8 less four units in the last place
	VPBROADCASTQ AX, Z18
	MOVQ $109951163, AX
	VPBROADCASTQ AX, Z16
	MOVQ $10000, AX
	VPBROADCASTQ AX, Z15
	MOVL $5243, AX
	VPBROADCASTW AX, Z14
	MOVL $100, AX
	VPBROADCASTW AX, Z13
	MOVL $6554, AX
	VPBROADCASTW AX, Z12
	MOVL $10, AX
	VPBROADCASTW AX, Z11
	MOVQ $63, AX
	VPBROADCASTQ AX, Z10
	MOVQ $56, AX
	VPBROADCASTQ AX, Z9
	MOVQ $0x3030303030303030, AX
	VPBROADCASTQ AX, Z31
	MOVQ $8, AX
	VPBROADCASTQ AX, Z23
	MOVQ $64, AX
	VPBROADCASTQ AX, Z21
	VPSLLQ $56, Z22, Z20
	JMP integersnext

integersgroup:
	VMOVDQU64 (DX), Z0
	ADDQ $64, DX
	VPCMPUQ $5, Z17, Z0, K1 // not less than 10^8, or negative
	KTESTB K1, K1
	JNZ integerslong
	DIGITS(Z0, Z1)
	VPORQ Z20, Z0, Z1
	ZEROS(Z1, Z2)
	VPORQ Z31, Z0, Z0
	VPSRLVQ Z2, Z0, Z0      // the text
	VPSRLQ $3, Z2, Z2
	VPSUBQ Z2, Z23, Z4      // its length
	VMOVDQA64 Z30, Z1
	VMOVDQA64 Z30, Z2
	MIX1(Z0, Z1)
	FINISH(Z1, Z2, Z4, Z0, Z3)

integersstore:
	VMOVDQU64 Z1, (DI)
	VMOVDQU64 Z2, (SI)
	ADDQ $64, DI
	ADDQ $64, SI

integersnext:
	DECQ CX
	JGE integersgroup
	VZEROUPPER
	RET

integerslong:
	VPMOVQ2M Z0, K1         // negative
	VPABSQ Z0, Z0
	DIVIDE(Z0, Z1, Z3)
	DIVIDE(Z1, Z2, Z3)
	DIGITS(Z0, Z3)          // low
	DIGITS(Z1, Z3)          // middle
	DIGITS(Z2, Z3)          // top
	VPTESTNMQ Z2, Z2, K2    // no top
	VPTESTNMQ Z1, Z1, K2, K3 // and no middle
	VMOVDQA64 Z2, Z4
	VMOVDQA64 Z1, K2, Z4
	VPORQ Z20, Z0, K3, Z4   // the first word with a digit
	ZEROS(Z4, Z5)
	VPORQ Z31, Z0, Z0
	VPORQ Z31, Z1, Z1
	VPORQ Z31, Z2, Z2
	VPSRLQ $3, Z5, Z4
	VPSLLQ $1, Z23, Z3
	VPADDQ Z23, Z3, Z3
	VPSUBQ Z4, Z3, Z4       // the length, 24 less the zeros
	VPSUBQ Z23, Z4, K2, Z4
	VPSUBQ Z23, Z4, K3, Z4
	// Z2, Z1, Z0 without the words of zeros at the start
	VMOVDQA64 Z1, K2, Z2
	VMOVDQA64 Z0, K2, Z1
	VMOVDQA64 Z19, K2, Z0
	VMOVDQA64 Z1, K3, Z2
	VMOVDQA64 Z19, K3, Z1
	// without the zeros before the first digit; a shift by 64 gives 0
	VPSUBQ Z5, Z21, Z6
	VPSRLVQ Z5, Z2, Z2
	VPSLLVQ Z6, Z1, Z3
	VPORQ Z3, Z2, Z2
	VPSRLVQ Z5, Z1, Z1
	VPSLLVQ Z6, Z0, Z3
	VPORQ Z3, Z1, Z1
	VPSRLVQ Z5, Z0, Z0
	// a minus
	VPSRLQ $56, Z1, Z3
	VPSLLQ $8, Z0, K1, Z0
	VPORQ Z3, Z0, K1, Z0
	VPSRLQ $56, Z2, Z3
	VPSLLQ $8, Z1, K1, Z1
	VPORQ Z3, Z1, K1, Z1
	VPSLLQ $8, Z2, K1, Z2
	MOVQ $0x2d, AX
	VPBROADCASTQ AX, Z3
	VPORQ Z3, Z2, K1, Z2
	VPADDQ Z22, Z4, K1, Z4
	// a block of 16 bytes
	VPSLLQ $1, Z23, Z3
	VPCMPUQ $5, Z3, Z4, K2
	VMOVDQA64 Z2, Z5
	VMOVDQA64 Z1, Z6
	VMOVDQA64 Z30, Z7
	VMOVDQA64 Z30, Z8
	MIXBLOCK(Z7, Z8, Z5, Z6)
	VMOVDQA64 Z0, K2, Z2    // what is left is the tail
	VMOVDQA64 Z19, K2, Z1
	VMOVDQA64 Z30, Z5
	VMOVDQA64 Z30, Z6
	VMOVDQA64 Z7, K2, Z5
	VMOVDQA64 Z8, K2, Z6
	MIX1(Z2, Z5)
	MIX2(Z1, Z6)
	FINISH(Z5, Z6, Z4, Z0, Z3)
	VMOVDQA64 Z5, Z1
	VMOVDQA64 Z6, Z2
	JMP integersstore

// SWAP exchanges the groups of bits of x that the mask m selects with those by bits above.
#define SWAP(by, m, x) \
	VPSRLQ $by, x, Z2  \
	VPSLLQ $by, x, x   \
	VPTERNLOGQ $0xd8, m, Z2, x

// func entriesAVX512(entries *uint32, h1 *uint64, groups int, precision int) (rare bool)
TEXT ·entriesAVX512(SB), NOSPLIT, $0-33
	MOVQ entries+0(FP), DI
	MOVQ h1+8(FP), SI
	MOVQ groups+16(FP), CX
	MOVQ precision+24(FP), R8
	VMOVQ R8, X16
	MOVQ $0x5555555555555555, AX
	VPBROADCASTQ AX, Z17
	MOVQ $0x3333333333333333, AX
	VPBROADCASTQ AX, Z18
	MOVQ $0x0f0f0f0f0f0f0f0f, AX
	VPBROADCASTQ AX, Z19
	MOVQ $0x00ff00ff00ff00ff, AX
	VPBROADCASTQ AX, Z20
	MOVQ $1, AX
	VPBROADCASTQ AX, Z21
	VPSLLQ X16, Z21, Z22
	VPSUBQ Z21, Z22, Z22    // the bits of an index
	VPXORQ Z3, Z3, Z3
	VPTERNLOGQ $0xff, Z4, Z4, Z4 // the smallest rest, 0 if one is rare
	JMP entriesnext

entriesgroup:
	VMOVDQU64 (SI), Z0
	ADDQ $64, SI
	VPSLLQ X16, Z0, Z1      // rest
	VPMINUQ Z1, Z4, Z4
	VPLZCNTQ Z1, Z1
	VPADDQ Z21, Z1, Z1      // rho
	VPSRLQ $48, Z0, Z0
	SWAP(1, Z17, Z0)
	SWAP(2, Z18, Z0)
	SWAP(4, Z19, Z0)
	SWAP(8, Z20, Z0)
	VPANDQ Z22, Z0, Z0      // index
	VPSLLQ $8, Z0, Z0
	VPORQ Z1, Z0, Z0
	VPMOVQD Z0, (DI)
	ADDQ $32, DI

entriesnext:
	DECQ CX
	JGE entriesgroup
	VPTESTNMQ Z4, Z4, K1
	KMOVW K1, AX
	TESTL AX, AX
	SETNE rare+32(FP)
	VZEROUPPER
	RET
