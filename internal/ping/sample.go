// SPDX-License-Identifier: Apache-2.0

package ping

import "hash/crc32"

// SampleID returns the sample that a client belongs to, 0 to 99: CRC-32 (IEEE) of the id, modulo 100. It is stable over time.
func SampleID(clientID []byte) uint8 { return uint8(crc32.ChecksumIEEE(clientID) % 100) }
