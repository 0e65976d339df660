// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

#include "textflag.h"

// ADD puts the sums of the vectors at offset off into sum, and the sign bit of each lane that overflows into over: there
// the sum differs in sign from both elements.
#define ADD(off, sum, over, tmp) \
	VMOVDQU off(DI)(AX*1), over  \
	VMOVDQU off(SI)(AX*1), tmp   \
	VPADDQ  over, tmp, sum       \
	VPXOR   sum, over, over      \
	VPXOR   sum, tmp, tmp        \
	VPAND   tmp, over, over

// func addAVX2(into, other *byte, n int) (done int)
TEXT ·addAVX2(SB), NOSPLIT, $0-32
	MOVQ into+0(FP), DI
	MOVQ other+8(FP), SI
	MOVQ n+16(FP), CX
	XORL AX, AX          // bytes done
	SUBQ $128, CX

four:
	CMPQ AX, CX
	JGT  tail
	ADD(0, Y0, Y4, Y8)
	ADD(32, Y1, Y5, Y9)
	ADD(64, Y2, Y6, Y10)
	ADD(96, Y3, Y7, Y11)
	VPOR Y4, Y5, Y4
	VPOR Y6, Y7, Y6
	VPOR Y4, Y6, Y4
	VMOVMSKPD Y4, BX
	TESTL BX, BX
	JNZ  tail            // one of the four overflows: which one is found one at a time
	VMOVDQU Y0, (DI)(AX*1)
	VMOVDQU Y1, 32(DI)(AX*1)
	VMOVDQU Y2, 64(DI)(AX*1)
	VMOVDQU Y3, 96(DI)(AX*1)
	ADDQ $128, AX
	JMP  four

tail:
	ADDQ $128, CX

one:
	CMPQ AX, CX
	JGE  end
	ADD(0, Y0, Y4, Y8)
	VMOVMSKPD Y4, BX
	TESTL BX, BX
	JNZ  end
	VMOVDQU Y0, (DI)(AX*1)
	ADDQ $32, AX
	JMP  one

end:
	VZEROUPPER
	MOVQ AX, done+24(FP)
	RET

// LIMIT puts the saturated sums of the elements in a and b into sum. A lane overflows where the sum differs in sign from both
// elements, that is bit 0x42 of (a, b, sum). It then is the limit of the other sign than the sum: all bits are that of the
// sum's sign, but for the sign itself.
#define LIMIT(a, b, sum, over)           \
	VPADDQ     b, a, sum                 \
	VPTERNLOGQ $0x42, sum, b, a          \
	VPMOVQ2M   a, over                   \
	VPSRAQ     $63, sum, over, sum       \
	VPXORQ     Z31, sum, over, sum

// func addAVX512(into, other *byte, n int)
TEXT ·addAVX512(SB), NOSPLIT, $0-24
	MOVQ into+0(FP), DI
	MOVQ other+8(FP), SI
	MOVQ n+16(FP), CX
	MOVQ $1, DX
	SHLQ $63, DX
	VPBROADCASTQ DX, Z31
	SUBQ $128, CX
	JLT  last

two:
	VMOVDQU64 (DI), Z0
	VMOVDQU64 (SI), Z1
	VMOVDQU64 64(DI), Z3
	VMOVDQU64 64(SI), Z4
	LIMIT(Z0, Z1, Z2, K1)
	LIMIT(Z3, Z4, Z5, K2)
	VMOVDQU64 Z2, (DI)
	VMOVDQU64 Z5, 64(DI)
	ADDQ $128, DI
	ADDQ $128, SI
	SUBQ $128, CX
	JGE  two

last:
	ADDQ $128, CX        // bytes left, less than 128
	JEQ  end
	CMPQ CX, $64
	JLT  some
	VMOVDQU64 (DI), Z0
	VMOVDQU64 (SI), Z1
	LIMIT(Z0, Z1, Z2, K1)
	VMOVDQU64 Z2, (DI)
	ADDQ $64, DI
	ADDQ $64, SI
	SUBQ $64, CX
	JEQ  end

some:
	SHRQ $3, CX          // elements left, 1 to 7
	MOVQ $1, DX
	SHLQ CX, DX
	DECQ DX
	KMOVW DX, K3
	VMOVDQU64.Z (DI), K3, Z0
	VMOVDQU64.Z (SI), K3, Z1
	LIMIT(Z0, Z1, Z2, K1)
	VMOVDQU64 Z2, K3, (DI)

end:
	VZEROUPPER
	RET
