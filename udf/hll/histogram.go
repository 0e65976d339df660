package hll

type histogram [128]uint32
