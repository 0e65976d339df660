// SPDX-License-Identifier: Apache-2.0

// Package prestopage reads and writes PrestoDB's serialised pages, the form in which PrestoDB sends rows to a remote
// function over REST and receives the results.
//
// Layout of a page, little-endian:
//
//	rows              i32
//	codec markers     u8     1 compressed, 2 encrypted, 4 checksummed; the first two are rejected
//	uncompressed size i32    equal to size
//	size              i32
//	checksum          i64    0, or of a checksummed page the CRC-32 of body, markers, rows, uncompressed size
//	body              size bytes: i32 channels, then one block per channel
//
// A block starts with the name of its encoding (i32 length, bytes). After it follow:
//
//	VARIABLE_WIDTH  i32 n, n x i32 end, nulls, i32 total, bytes
//	LONG_ARRAY      i32 n, nulls, an i64 for each row that is not NULL
//	ARRAY           block of the elements, i32 n, (n+1) x i32 offset, nulls
//	ROW             i32 fields, for each a block of the rows that are not NULL, i32 n, (n+1) x i32 offset, nulls
//	RLE             i32 n, block of one row
//	DICTIONARY      i32 n, block of the values, n x i32 index, 24 bytes of identity
//
// "nulls" is one byte, 0 if no row is NULL. Any other value is followed by one bit per row, most significant first.
//
// A double is stored as its bits, in a LONG_ARRAY. Bytes after the body are ignored: PrestoDB 0.296 sends its whole
// buffer. The layout is that of PrestoDB 0.296 (com.facebook.presto.spi.page.PagesSerde,
// com.facebook.presto.common.block).
//
// Pages come from untrusted clients: every size, offset and index is checked before use, and memory is allocated only
// for values that the page contains, or up to the limit given to [Decode].
package prestopage
