package hll

type jointHistogram struct { aLess, aMore, bLess, bMore, equal histogram }
func intersection(p uint8, j *jointHistogram) (estimate, lower, upper float64) { panic("not yet") }
func jaccard(p uint8, j *jointHistogram) float64 { panic("not yet") }
