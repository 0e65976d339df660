// SPDX-License-Identifier: Apache-2.0

package ping

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/klauspost/compress/snappy"
	"google.golang.org/protobuf/encoding/protowire"
)

// A hekaField is a field of a message that the tests write: a string, []byte, int64, float64 or bool.
type hekaField struct {
	name  string
	value any
}

// hekaMessage encodes a message.
func hekaMessage(payload string, fields ...hekaField) []byte {
	m := appendBytes(nil, 1, []byte("0123456789abcdef"))
	m = protowire.AppendVarint(protowire.AppendTag(m, messageTimestamp, protowire.VarintType), 1437688956000000000)
	m = appendBytes(m, messageType, []byte("Test"))
	if payload != "" {
		m = appendBytes(m, messagePayload, []byte(payload))
	}
	m = appendBytes(m, messageHostname, []byte("test.example.com"))
	for _, f := range fields {
		b := appendBytes(nil, fieldName, []byte(f.name))
		switch v := f.value.(type) {
		case string:
			b = appendBytes(b, fieldString, []byte(v))
		case []byte:
			b = appendBytes(b, fieldBytes, v)
		case int64:
			b = protowire.AppendVarint(protowire.AppendTag(b, fieldInt, protowire.VarintType), uint64(v))
		case float64:
			b = protowire.AppendFixed64(protowire.AppendTag(b, fieldDouble, protowire.Fixed64Type), math.Float64bits(v))
		case bool:
			b = protowire.AppendVarint(protowire.AppendTag(b, fieldBool, protowire.VarintType), protowire.EncodeBool(v))
		}
		m = appendBytes(m, messageField, b)
	}
	return m
}

func appendBytes(to []byte, field protowire.Number, value []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(to, field, protowire.BytesType), value)
}

// framed frames a message.
func framed(message []byte) []byte {
	header := protowire.AppendVarint(protowire.AppendTag(nil, headerLength, protowire.VarintType), uint64(len(message)))
	out := append([]byte{recordSeparator, byte(len(header))}, header...)
	return append(append(out, unitSeparator), message...)
}

// tenRecords is ten records that count up, the odd ones compressed by snappy if snap says so, with garbage between them.
func tenRecords(snap func(i int) bool, garbage []byte) []byte {
	var out bytes.Buffer
	for i := range 10 {
		m := hekaMessage(fmt.Sprintf(`{"seq": %d, "data": "0000000000000000000000000000"}`, i),
			hekaField{"test_string_field", "test_string_value"}, hekaField{"test_int_field", int64(100)}, hekaField{"test_double_field", 123.456})
		if snap(i) {
			m = snappy.Encode(nil, m)
		}
		out.Write(garbage)
		out.Write(framed(m))
	}
	return out.Bytes()
}

// lyingSnappy is a block that says it has n bytes.
func lyingSnappy(n uint64) []byte { return append(binary.AppendUvarint(nil, n), 0, 'x') }
