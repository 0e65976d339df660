package extract

import (
	"maps"
	"slices"
)

// A Reason is why a ping, a measure or a row is not in a roll-up.
type Reason string

// Why a ping is passed over.
const (
	NoSample     Reason = "ping: sampleId is not a number below 100"
	OtherChannel Reason = "ping: channel is not nightly, aurora, beta or release"
	OtherProduct Reason = "ping: application is Fennec"
	NoBuildID    Reason = "ping: build id does not begin with 8 digits"
	NoDay        Reason = "ping: submission date is not YYYYMMDD"
	FieldMissing Reason = "ping: a field of the key is missing"
)

// NulInDimension is why a ping that counts has no rows.
const NulInDimension Reason = "counted ping: NUL in a dimension"

// Why a histogram or a value is left out.
const (
	NotHistogram  Reason = "measure: histogram without values, sum or type"
	NegativeSum   Reason = "measure: sum below 0"
	NegativeValue Reason = "measure: value below 0"
	NotFinite     Reason = "measure: value is not a finite number"
	InvalidName   Reason = "measure: name with other characters than A-Z a-z 0-9 _ - [ ] ."
	NulInName     Reason = "measure: NUL in a name or label"
	Undefined     Reason = "measure: metric without a definition"
	LeftOutByName Reason = "measure: left out by name"
)

// Why a bucket or a row is left out.
const (
	BucketNotNumber Reason = "bucket: key is not a whole number"
	BucketUndefined Reason = "bucket: the definition does not have it"
	SumTooLarge     Reason = "row: sum above 2^63-1"
)

// Counts is how often each reason was met.
type Counts map[Reason]int64

func (c Counts) add(other Counts) {
	for reason, n := range other {
		c[reason] += n
	}
}

// Reasons returns the reasons in order.
func (c Counts) Reasons() []Reason { return slices.Sorted(maps.Keys(c)) }
