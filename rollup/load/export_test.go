package load

// SetSummariesKept sets how many sums of summaries are kept in memory, and returns a function that sets it back.
func SetSummariesKept(n int) func() {
	before := summariesKept
	summariesKept = n
	return func() { summariesKept = before }
}
