package hll

func estimateBounds(p uint8, estimate float64, nonzero int, sigmas int) (lower, upper float64) { panic("not yet") }
