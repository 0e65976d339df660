module github.com/headcount-hll/headcount

go 1.26
