// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

#include "textflag.h"

// func readPairsAVX2(b *byte, length int, to *Pair, room int) (n, end int)
//
// The bytes that are no digits are found for 64 bytes at once. What one pair waits for of the pair before is then two searches for a bit.
TEXT ·readPairsAVX2(SB), NOSPLIT, $0-48
	MOVQ b+0(FP), SI
	MOVQ length+8(FP), CX
	MOVQ to+16(FP), DI
	MOVQ $0, end+40(FP)
	XORL R8, R8   // where the key's quote is
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

bytes: // R9: a bit for each byte from the quote on that is no digit; R10: how far a quote may be of which it has enough
	LEAQ 32(R8), AX
	CMPQ AX, CX
	JGT  done
	VMOVDQU (SI)(R8*1), Y0
	VMOVDQU 32(SI)(R8*1), Y5
	VPSUBB  Y1, Y0, Y0
	VPSUBB  Y1, Y5, Y5
	VPMINUB Y2, Y0, Y3
	VPMINUB Y2, Y5, Y6
	VPCMPEQB Y0, Y3, Y3
	VPCMPEQB Y5, Y6, Y6
	VPMOVMSKB Y3, R9
	VPMOVMSKB Y6, AX
	SHLQ $32, AX
	ORQ  AX, R9
	NOTQ R9
	LEAQ 42(R8), R10

pair:
	CMPQ R11, room+24(FP)
	JGE  done
	CMPQ R8, CX
	JGT  done
	CMPQ R8, R10
	JGT  bytes

	// the key: 1 to 7 digits, a quote and a colon
	SHRQ $1, R9
	TZCNTQ R9, BX
	LEAL -1(BX), DX
	CMPL DX, $6
	JHI  done
	LEAQ (R8)(BX*1), R13
	MOVL 1(SI)(R13*1), DX
	CMPW DX, $0x3A22
	JNE  done
	LEAQ 3(R13), R13 // where the value begins
	LEAQ 2(BX), AX   // how far from the key's digits
	SHRL $16, DX
	CMPB DX, $0x20
	JNE  value
	INCQ R13
	INCQ AX

value: // 1 to 7 digits, of which the first is no 0 unless it is alone
	SHRXQ AX, R9, R9
	TZCNTQ R9, AX
	LEAL -1(AX), DX
	CMPL DX, $6
	JHI  done
	CMPB (SI)(R13*1), $0x30
	JNE  number
	CMPL AX, $1
	JNE  done

number: // both numbers, with zeros before their digits, as eight bytes each
	SHRXQ AX, R9, R9
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
	MOVQ R13, end+40(FP)

	// the next key's quote, with a space before it or without
	LEAQ 1(R13), R8
	SHRQ $1, R9
	MOVWLZX (SI)(R8*1), AX
	CMPB AX, $0x22
	JEQ  pair
	CMPW AX, $0x2220
	JNE  done
	INCQ R8
	SHRQ $1, R9
	JMP  pair

last:
	CMPB AX, $0x7D
	JNE  done
	VMOVDQU X4, (DI)
	INCQ R11
	MOVQ R13, end+40(FP)

done:
	VZEROUPPER
	MOVQ R11, n+32(FP)
	RET
