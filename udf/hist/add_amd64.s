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
