// SPDX-License-Identifier: Apache-2.0

package arrowcheck

// Message.fbs: MetadataVersion and MessageHeader.
const (
	version4, version5 = 3, 4

	headerSchema      = 1
	headerDictionary  = 2
	headerRecordBatch = 3
)

// Fields of the table Message.
const (
	messageVersion    = 0
	messageHeaderType = 1
	messageHeader     = 2
	messageBodyLength = 3
)

// A message is the checked content of Arrow's table Message.
type message struct {
	header     flatTable
	kind       byte
	bodyLength int64
}

// open reads a Message flatbuffer. metadata does not include the length that precedes it in a file.
func open(metadata []byte) (message, error) {
	f := &flat{data: metadata}
	t := f.table(f.follow(0))
	version := t.int16At(messageVersion)
	m := message{kind: t.byteAt(messageHeaderType), bodyLength: t.int64At(messageBodyLength)}
	header, ok := t.tableAt(messageHeader)
	m.header = header
	switch {
	case f.err != nil:
		return m, f.err
	case !ok:
		return m, errorf("a message without a header")
	case version != version4 && version != version5:
		return m, errorf("metadata version %d: must be V5", version+1)
	default:
		return m, nil
	}
}
