// SPDX-License-Identifier: Apache-2.0

package hist

import "fmt"

// Kind is how a histogram's buckets are laid out. The zero value is invalid.
type Kind uint8

// The kinds of Firefox's Histograms.json.
const (
	Exponential Kind = iota + 1
	Linear
	Enumerated
	Boolean
	Flag
	Count
	Categorical
)

var kindNames = [...]string{
	Exponential: "exponential", Linear: "linear", Enumerated: "enumerated", Boolean: "boolean",
	Flag: "flag", Count: "count", Categorical: "categorical",
}

// ParseKind returns the kind of that name.
func ParseKind(name string) (Kind, error) {
	for kind, known := range kindNames {
		if known == name && name != "" {
			return Kind(kind), nil
		}
	}
	return 0, fmt.Errorf("hist: kind %.40q: must be exponential, linear, enumerated, boolean, flag, count or categorical", name)
}

// String returns the name of the kind, as [ParseKind] reads it.
func (k Kind) String() string {
	if k == 0 || int(k) >= len(kindNames) {
		return fmt.Sprintf("Kind(%d)", uint8(k))
	}
	return kindNames[k]
}
