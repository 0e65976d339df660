// SPDX-License-Identifier: Apache-2.0

// NEON instructions that Go's assembler has no name for, by the encodings of the Arm Architecture Reference Manual. Each
// works on the 16 bytes of vector n, or of n and m, and writes vector d.

// The largest byte, the smallest byte.
#define UMAXV(n, d) WORD $(0x6E30A800 | (n<<5) | d)
#define UMINV(n, d) WORD $(0x6E31A800 | (n<<5) | d)

// n - m, and 0 where m is larger.
#define UQSUB(m, n, d) WORD $(0x6E202C00 | (m<<16) | (n<<5) | d)

// n << 4, and 255 where that is larger.
#define UQSHL4(n, d) WORD $(0x6F0C7400 | (n<<5) | d)

// 255 where n >= m, else 0.
#define CMHS(m, n, d) WORD $(0x6E203C00 | (m<<16) | (n<<5) | d)

// Adds pairs of bytes of n to the eight 16-bit lanes of d.
#define UADALP(n, d) WORD $(0x6E206800 | (n<<5) | d)

// Makes four bits of each byte of n: the 64 bits of d are a mask where the bytes are 0 or 255.
#define SHRN4(n, d) WORD $(0x0F0C8400 | (n<<5) | d)

// CLEAR4 sets four vectors to 0.
#define CLEAR4(a, b, c, d) \
	VEOR a.B16, a.B16, a.B16 \
	VEOR b.B16, b.B16, b.B16 \
	VEOR c.B16, c.B16, c.B16 \
	VEOR d.B16, d.B16, d.B16

// MAX4 raises V0 to V3, the maxima so far, to four vectors.
#define MAX4(a, b, c, d) \
	VUMAX a.B16, V0.B16, V0.B16 \
	VUMAX b.B16, V1.B16, V1.B16 \
	VUMAX c.B16, V2.B16, V2.B16 \
	VUMAX d.B16, V3.B16, V3.B16

// MAXBYTE leaves the largest byte of V0 to V3 in the register r.
#define MAXBYTE(r) \
	VUMAX V1.B16, V0.B16, V0.B16 \
	VUMAX V3.B16, V2.B16, V2.B16 \
	VUMAX V2.B16, V0.B16, V0.B16 \
	UMAXV(0, 0)                  \
	VMOV  V0.B[0], r

// MINBYTE leaves the smallest byte of V0 to V3 in the register r.
#define MINBYTE(r) \
	VUMIN V1.B16, V0.B16, V0.B16 \
	VUMIN V3.B16, V2.B16, V2.B16 \
	VUMIN V2.B16, V0.B16, V0.B16 \
	UMINV(0, 0)                  \
	VMOV  V0.B[0], r
