// SPDX-License-Identifier: Apache-2.0

package ping

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
)

// Fields of a Heka message, and of one of its own fields.
const (
	messageTimestamp = 2
	messageType      = 3
	messagePayload   = 6
	messageHostname  = 9
	messageField     = 10

	fieldName   = 1
	fieldString = 4
	fieldBytes  = 5
	fieldInt    = 6
	fieldDouble = 7
	fieldBool   = 8
)

// Names of fields that hold the document itself.
const (
	submission = "submission"
	content    = "content" // as it was received, often gzipped
)

// A decoder makes documents of messages. Its memory is used again.
type decoder struct {
	plain []byte // what snappy decompressed
	out   []byte
}

// decode returns a message's document: its payload, or the field submission, or the field content, with its other fields in their
// places: JSON where their names have a dot, under meta otherwise.
func (d *decoder) decode(raw []byte, most int) ([]byte, error) {
	m, err := parseMessage(raw)
	if err != nil {
		if raw, err = d.uncompress(raw, most+messageExtra); err != nil {
			return nil, err
		}
		if m, err = parseMessage(raw); err != nil {
			return nil, Reject(ReasonMessage, err.Error())
		}
	}
	base, err := m.base(most)
	if err != nil {
		return nil, err
	}
	if err := jsonwalk.Check(base); err != nil {
		return nil, rejectJSON(err)
	}
	if !isObject(base) {
		return nil, Reject(ReasonNotObject, "")
	}
	root, err := m.places()
	if err != nil {
		return nil, err
	}
	d.out = root.merge(d.out[:0], bytes.TrimSpace(base))
	if len(d.out) > most {
		return nil, Reject(ReasonTooLarge, "the document with its fields")
	}
	return d.out, nil
}

// uncompress decompresses a block of snappy. Its declared length is checked against the limit, and against what n bytes can
// make at most: a copy of 64 bytes takes three.
func (d *decoder) uncompress(raw []byte, most int) (_ []byte, err error) {
	n, err := snappy.DecodedLen(raw)
	if err != nil {
		return nil, Reject(ReasonMessage, "neither protobuf nor snappy")
	}
	if n > most {
		return nil, Reject(ReasonTooLarge, "a snappy block that says it has "+strconv.Itoa(n)+" bytes")
	}
	if n > 64*len(raw) {
		return nil, Reject(ReasonMessage, "a snappy block that says it has "+strconv.Itoa(n)+" bytes, which "+strconv.Itoa(len(raw))+" cannot hold")
	}
	if cap(d.plain) < n {
		d.plain = make([]byte, n)
	}
	if d.plain, err = snappy.Decode(d.plain[:cap(d.plain)], raw); err != nil {
		return nil, Reject(ReasonMessage, "neither protobuf nor snappy: "+err.Error())
	}
	return d.plain, nil
}

// A message is what is used of a Heka message. It shares the message's memory.
type message struct {
	payload, kind, hostname []byte
	timestamp               int64
	fields                  []field
}

// A field is a name and its first value, as JSON unless it is text or bytes.
type field struct {
	name string
	text []byte // of a string or bytes
	json string // of another type
}

var errMessage = errors.New("no Heka message")

// parseMessage reads a message. One that has no uuid first is none: so are told apart messages and blocks of snappy, which begin
// with their length.
func parseMessage(b []byte) (m message, err error) {
	if len(b) == 0 || b[0] != 0x0a { // field 1, bytes
		return m, errMessage
	}
	for len(b) > 0 {
		number, kind, value, rest, err := nextField(b)
		if err != nil {
			return m, err
		}
		b = rest
		if number == messageTimestamp && kind == protowire.VarintType {
			v, _ := protowire.ConsumeVarint(value)
			m.timestamp = int64(v)
		}
		if kind != protowire.BytesType {
			continue
		}
		inside, _ := protowire.ConsumeBytes(value)
		switch number {
		case messageType:
			m.kind = inside
		case messagePayload:
			m.payload = inside
		case messageHostname:
			m.hostname = inside
		case messageField:
			f, err := parseField(inside)
			if err != nil {
				return m, err
			}
			m.fields = append(m.fields, f)
		}
	}
	return m, nil
}

// nextField splits the field that b begins with from the rest. The value is still encoded.
func nextField(b []byte) (number protowire.Number, kind protowire.Type, value, rest []byte, err error) {
	number, kind, tag := protowire.ConsumeTag(b)
	if tag < 0 {
		return 0, 0, nil, nil, errMessage
	}
	n := protowire.ConsumeFieldValue(number, kind, b[tag:])
	if n < 0 {
		return 0, 0, nil, nil, errMessage
	}
	return number, kind, b[tag : tag+n], b[tag+n:], nil
}

func parseField(b []byte) (f field, err error) {
	valued := false
	for len(b) > 0 {
		number, kind, value, rest, err := nextField(b)
		if err != nil {
			return f, err
		}
		b = rest
		if number == fieldName && kind == protowire.BytesType {
			name, _ := protowire.ConsumeBytes(value)
			f.name = string(name)
			continue
		}
		if !valued {
			valued = f.set(number, kind, value)
		}
	}
	return f, nil
}

// set takes the field's value, and reports whether it was one. A packed list counts by its first value.
func (f *field) set(number protowire.Number, kind protowire.Type, value []byte) bool {
	if kind == protowire.BytesType {
		inside, _ := protowire.ConsumeBytes(value)
		if number == fieldString || number == fieldBytes {
			f.text = inside
			return true
		}
		value = inside // packed
	}
	switch number {
	case fieldInt:
		v, n := protowire.ConsumeVarint(value)
		f.json = strconv.FormatInt(int64(v), 10)
		return n > 0
	case fieldBool:
		v, n := protowire.ConsumeVarint(value)
		f.json = strconv.FormatBool(v != 0)
		return n > 0
	case fieldDouble:
		v, n := protowire.ConsumeFixed64(value)
		if x := math.Float64frombits(v); math.IsNaN(x) || math.IsInf(x, 0) {
			f.json = "null" // JSON has no such number
		} else {
			f.json = strconv.FormatFloat(x, 'g', -1, 64)
		}
		return n > 0
	}
	return false
}

// base returns the document without the other fields.
func (m *message) base(most int) ([]byte, error) {
	var body []byte
	for _, f := range m.fields {
		switch {
		case f.name == submission && f.text != nil:
			return f.text, nil
		case f.name == content:
			body = f.text
		}
	}
	if len(m.payload) > 0 || body == nil {
		if len(m.payload) == 0 {
			return nil, Reject(ReasonNoPing, "")
		}
		return m.payload, nil
	}
	if !bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		return body, nil
	}
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err == nil {
		body, err = io.ReadAll(io.LimitReader(r, int64(most)+1))
	}
	if err != nil {
		return nil, Reject(ReasonMessage, "field content: "+err.Error())
	}
	if len(body) > most {
		return nil, Reject(ReasonTooLarge, "field content")
	}
	return body, nil
}

// places returns the message's fields as a tree of what is put into the document.
func (m *message) places() (*place, error) {
	root := &place{}
	if err := root.put("meta", "Timestamp", []byte(strconv.FormatInt(m.timestamp, 10))); err != nil {
		return nil, err
	}
	for _, f := range []field{{name: "Type", text: m.kind}, {name: "Hostname", text: m.hostname}} {
		if f.text == nil {
			continue
		}
		if err := root.put("meta", f.name, quote(f.text)); err != nil {
			return nil, err
		}
	}
	for _, f := range m.fields {
		value := []byte(f.json)
		if f.text != nil {
			value = f.text
		}
		switch {
		case f.name == submission || f.name == content || value == nil || f.text == nil && f.json == "":
			continue
		case strings.Contains(f.name, "."):
			if err := jsonwalk.Check(value); err != nil {
				return nil, Reject(ReasonJSON, "field "+f.name+": "+err.Error())
			}
			if err := root.put(f.name, "", bytes.TrimSpace(value)); err != nil {
				return nil, err
			}
		default:
			if f.text != nil {
				value = quote(f.text)
			}
			if err := root.put("meta", f.name, value); err != nil {
				return nil, err
			}
		}
	}
	return root, nil
}

// quote returns a JSON string, of valid UTF-8.
func quote(text []byte) []byte {
	out, _ := json.Marshal(strings.ToValidUTF8(string(text), "\uFFFD"))
	return out
}

// A place is a point of a document where a value is put, or that leads to such points.
type place struct {
	value []byte // JSON, or nil
	names []string
	below map[string]*place
}

// put puts a value below the keys that dots separate, and below last if it is not empty, which has no separators.
func (p *place) put(dotted, last string, value []byte) error {
	path := strings.Split(dotted, ".")
	if last != "" {
		path = append(path, last)
	}
	if len(path) > 16 {
		return Reject(ReasonMessage, "a field's name has more than 16 parts")
	}
	at := p
	for _, name := range path {
		next := at.below[name]
		if next == nil {
			if at.below == nil {
				at.below = map[string]*place{}
			}
			next = &place{}
			at.below[name] = next
			at.names = append(at.names, name)
		}
		at = next
	}
	at.value = value
	return nil
}

// merge appends base with the tree's values put into it. What is put replaces what is there.
func (p *place) merge(to, base []byte) []byte {
	if p.value != nil {
		base = p.value
	}
	if len(p.below) == 0 {
		return append(to, base...)
	}
	to = append(to, '{')
	first := true
	comma := func(name []byte) {
		if !first {
			to = append(to, ',')
		}
		first = false
		to = append(append(to, name...), ':')
	}
	inner := map[string][]byte{}
	for key, value := range jsonwalk.Value(base).Members {
		next := p.below[string(key)]
		switch {
		case next == nil:
			comma(quote(key))
			to = append(to, value...)
		case len(next.below) > 0:
			inner[string(key)] = value // the last of several counts
		}
	}
	for _, name := range p.names {
		comma(quote([]byte(name)))
		to = p.below[name].merge(to, inner[name])
	}
	return append(to, '}')
}
