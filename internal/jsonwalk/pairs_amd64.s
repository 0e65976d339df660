// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

#include "textflag.h"

// func readPairsAVX2(b *byte, length int, to *Pair, room int) (n, end int)
TEXT ·readPairsAVX2(SB), NOSPLIT, $0-48
	MOVQ b+0(FP), SI
	MOVQ length+8(FP), CX
	MOVQ to+16(FP), DI
	MOVQ room+24(FP), R9
	XORL R8, R8   // where the key's quote is
	XORL R10, R10 // where the last value ended
	XORL R11, R11 // pairs
	SUBQ $32, CX

	MOVQ $0x3030303030303030, R12 // '0' in each byte
	VMOVQ R12, X1
	VPBROADCASTB X1, Y1
	MOVL $0x09, AX
	VMOVD AX, X2
	VPBROADCASTB X2, Y2
	MOVL $0x010A, AX // the weights of two digits
	VMOVD AX, X11
	VPBROADCASTW X11, X11
	MOVL $0x00010064, AX // of two numbers of two digits
	VMOVD AX, X12
	VPBROADCASTD X12, X12
	MOVL $0x00012710, AX // of two numbers of four digits
	VMOVD AX, X13
	VPBROADCASTD X13, X13

pair:
	CMPQ R8, CX
	JGT  done
	CMPQ R11, R9
	JGE  done
	VMOVDQU (SI)(R8*1), Y0
	VPSUBB  Y1, Y0, Y0
	VPMINUB Y2, Y0, Y3
	VPCMPEQB Y0, Y3, Y3
	VPMOVMSKB Y3, AX
	NOTL AX // a bit for each byte that is no digit

	// the key: 1 to 7 digits, a quote and a colon
	MOVL AX, BX
	SHRL $1, BX
	TZCNTL BX, BX
	LEAL -1(BX), DX
	CMPL DX, $6
	JHI  done
	LEAQ (R8)(BX*1), R13
	MOVL 1(SI)(R13*1), DX
	CMPW DX, $0x3A22
	JNE  done
	LEAQ 3(R13), R13 // where the value begins
	SHRL $16, DX
	CMPB DX, $0x20
	JNE  value
	INCQ R13

value: // 1 to 7 digits, of which the first is no 0 unless it is alone
	MOVQ R13, DX
	SUBQ R8, DX
	SHRXL DX, AX, AX
	TZCNTL AX, AX
	LEAL -1(AX), DX
	CMPL DX, $6
	JHI  done
	CMPB (SI)(R13*1), $0x30
	JNE  number
	CMPL AX, $1
	JNE  done

number: // both numbers, with zeros before their digits, as eight bytes each
	MOVQ 1(SI)(R8*1), DX
	XORQ R12, DX
	SHLL $3, BX
	NEGL BX
	SHLXQ BX, DX, DX
	MOVQ (SI)(R13*1), BX
	ADDQ AX, R13 // where the value ends
	XORQ R12, BX
	SHLL $3, AX
	NEGL AX
	SHLXQ AX, BX, BX
	MOVBLZX (SI)(R13*1), AX
	VMOVQ DX, X4
	VPINSRQ $1, BX, X4, X4
	VPMADDUBSW X11, X4, X4
	VPMADDWD X12, X4, X4
	VPACKUSDW X4, X4, X4
	VPMADDWD X13, X4, X4
	VPMOVZXDQ X4, X4
	CMPB AX, $0x2C
	JNE  last
	VMOVDQU X4, (DI)
	ADDQ $16, DI
	INCQ R11
	MOVQ R13, R10

	// the next key's quote, with a space before it or without
	LEAQ 1(R13), R8
	MOVWLZX (SI)(R8*1), AX
	CMPB AX, $0x22
	JEQ  pair
	CMPW AX, $0x2220
	JNE  done
	INCQ R8
	JMP  pair

last:
	CMPB AX, $0x7D
	JNE  done
	VMOVDQU X4, (DI)
	INCQ R11
	MOVQ R13, R10

done:
	VZEROUPPER
	MOVQ R11, n+32(FP)
	MOVQ R10, end+40(FP)
	RET
