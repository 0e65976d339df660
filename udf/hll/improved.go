package hll

func improvedEstimate(p uint8, h *histogram) float64 { panic("not yet") }
