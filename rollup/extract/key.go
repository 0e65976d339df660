package extract

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
)

// buildIDLength is how much of a build id is kept: the day, YYYYMMDD.
const buildIDLength = 8

// A key is the dimensions of a ping, in the order of their appearance in the columns.
type key struct {
	day, channel, version, buildID, application, architecture, os, osVersion []byte

	extra [][]byte
}

// payloadSlot is the place of the payload in keyPaths.
const payloadSlot = 0

// keyPaths are where a key's fields are, and the payload; those of added dimensions follow.
var keyPaths = [][]string{
	{"payload"}, {"meta", "sampleId"},
	{"meta", "submissionDate"}, {"application", "channel"}, {"application", "version"}, {"application", "buildId"},
	{"application", "name"}, {"application", "architecture"},
	{"environment", "system", "os", "name"}, {"environment", "system", "os", "version"},
}

// paths returns the places of a ping that are read.
func paths(dimensions []Dimension) *jsonwalk.Paths {
	all := slices.Clone(keyPaths)
	for _, d := range dimensions {
		all = append(all, d.Path)
	}
	return jsonwalk.Compile(all...)
}

// read sets the key to a ping's, of which found has the values of paths. It returns the reason for which the ping does not
// count, or "".
func (k *key) read(found []jsonwalk.Value) Reason {
	if sample, ok := found[1].Float(); !ok || sample >= 100 {
		return NoSample
	}
	fields := []*[]byte{&k.day, &k.channel, &k.version, &k.buildID, &k.application, &k.architecture, &k.os, &k.osVersion}
	for i, field := range fields {
		var ok bool
		if *field, ok = textOf(found[2+i]); !ok {
			return FieldMissing
		}
	}
	k.extra = k.extra[:0]
	for _, v := range found[len(keyPaths):] {
		value, _ := textOf(v) // one that is missing is empty
		k.extra = append(k.extra, value)
	}
	return k.shorten()
}

// shorten brings the fields to the form in which they are stored.
func (k *key) shorten() Reason {
	switch string(k.channel) {
	case "nightly", "aurora", "beta", "release":
	default:
		return OtherChannel
	}
	if string(k.application) == "Fennec" {
		return OtherProduct
	}
	k.version, _, _ = bytes.Cut(k.version, []byte("."))
	k.buildID = k.buildID[:min(len(k.buildID), buildIDLength)]
	if !allDigits(k.buildID) {
		return NoBuildID
	}
	if len(k.day) != len("20060102") || !allDigits(k.day) {
		return NoDay
	}
	if string(k.os) == "Linux" {
		k.osVersion = firstRunes(k.osVersion, 3)
	}
	for _, field := range append([][]byte{k.version, k.application, k.architecture, k.os, k.osVersion}, k.extra...) {
		if bytes.IndexByte(field, 0) >= 0 {
			return NulInDimension
		}
	}
	return ""
}

func allDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}

func firstRunes(text []byte, n int) []byte {
	end := 0
	for ; n > 0 && end < len(text); n-- {
		_, size := utf8.DecodeRune(text[end:])
		end += size
	}
	return text[:end]
}
