// SPDX-License-Identifier: Apache-2.0

// MINBYTE leaves the smallest byte of the xmm register x in the low 32 bits of the register r.
#define MINBYTE(x, tmp, r) \
	VPSRLW $8, x, tmp     \
	VPMINUB tmp, x, x     \
	VPHMINPOSUW x, x      \
	VMOVD x, r            \
	MOVBLZX r, r

// MAXBYTE leaves the largest byte of the ymm register y, whose low half is x, in r: it is the
// complement of the smallest byte of the complement.
#define MAXBYTE(y, x, tmpx, r) \
	VEXTRACTI128 $1, y, tmpx  \
	VPMAXUB tmpx, x, x        \
	VPCMPEQB tmpx, tmpx, tmpx \
	VPXOR tmpx, x, x          \
	MINBYTE(x, tmpx, r)       \
	XORL $255, r
