package load

// SetSummaryRows sets how many rows of summaries are kept in memory, and returns a function that sets it back.
func SetSummaryRows(n int) func() {
	before := summaryRows
	summaryRows = n
	return func() { summaryRows = before }
}
