package udf

// pairs is 00 to 99.
const pairs = "0001020304050607080910111213141516171819" +
	"2021222324252627282930313233343536373839" +
	"4041424344454647484950515253545556575859" +
	"6061626364656667686970717273747576777879" +
	"8081828384858687888990919293949596979899"

// decimal returns v as strconv.FormatInt(v, 10) does, in the end of text. It takes about half the time of
// strconv.AppendInt, which writes elsewhere first and was half of what adding a bigint cost.
func decimal(text *[20]byte, v int64) []byte {
	u := uint64(v)
	if v < 0 {
		u = -u
	}
	i := len(text)
	for u >= 100 {
		pair := u % 100 * 2
		u /= 100
		i -= 2
		text[i], text[i+1] = pairs[pair], pairs[pair+1]
	}
	if u >= 10 {
		i -= 2
		text[i], text[i+1] = pairs[2*u], pairs[2*u+1]
	} else {
		i--
		text[i] = '0' + byte(u)
	}
	if v < 0 {
		i--
		text[i] = '-'
	}
	return text[i:]
}
