// Package prestopage reads and writes PrestoDB's serialised pages, the form in which PrestoDB hands rows to a
// remote function over REST and wants the results back.
//
// A page, everything little-endian:
//
//	rows              i32
//	codec markers     u8     1 compressed, 2 encrypted, 4 checksummed; the first two are refused
//	uncompressed size i32    equal to size
//	size              i32
//	checksum          i64    of a checksummed page: CRC-32 of body, markers, rows, uncompressed size
//	body              size bytes: i32 channels, then a block for each
//
// A block is its encoding's name (i32 length, bytes) and:
//
//	VARIABLE_WIDTH  i32 n, n x i32 end, nulls, i32 total, bytes
//	LONG_ARRAY      i32 n, nulls, i64 for each row that is not NULL
//	ARRAY           block of the elements, i32 n, (n+1) x i32 offset, nulls
//	ROW             i32 fields, a block of the rows that are not NULL for each, i32 n, (n+1) x i32 offset, nulls
//	RLE             i32 n, block of one row
//	DICTIONARY      i32 n, block of the values, n x i32 index, 24 bytes of identity
//
// Nulls are one byte, 0 for none; any other is followed by a bit for each row, from the most significant.
//
// A double is the bits of a LONG_ARRAY's value. What follows the body is not looked at: PrestoDB 0.296 sends its
// whole buffer. Read off PrestoDB 0.296 (com.facebook.presto.spi.page.PagesSerde, com.facebook.presto.common.block).
//
// A page is a stranger's: every size, offset and index is checked before it is used, and nothing is allocated by
// a number that the bytes do not bear out, but for what [Decode] is allowed.
package prestopage
