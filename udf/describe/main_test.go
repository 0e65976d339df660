package main

import (
	"os"
	"testing"

	"github.com/headcount-hll/headcount/udf"
)

func TestReferenceIsFresh(t *testing.T) {
	got, err := os.ReadFile("../../sql/FUNCTIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != markdown(udf.Functions) {
		t.Error("sql/FUNCTIONS.md is not what the table says: run make functions")
	}
}
