// SPDX-License-Identifier: Apache-2.0

// Package layers holds the project's packages to the direction in which they may depend on each other.
package layers

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/headcount-hll/headcount/"

// allowed is what each layer may import of this module, by prefix, in addition to itself. The first rule whose
// prefix fits a package holds; a package that none fits fails the test.
var allowed = []struct {
	layer   string
	imports []string
	std     bool // nothing outside the standard library
}{
	{"udf/internal/", nil, true},
	{"udf/hll/internal/", []string{"udf/internal/", "udf/hll/internal/"}, true},
	{"udf/errs", nil, true},
	{"udf/state", []string{"udf/errs"}, true},
	{"udf/hll", []string{"udf/errs", "udf/state", "udf/hll/internal/"}, true},
	{"udf/hist", []string{"udf/internal/", "udf/state"}, true},
	{"udf/conformance/driver", []string{"udf", "udf/errs", "udf/hist", "udf/conformance/driver"}, false},
	{"udf/conformance", nil, false}, // the runner judges: it shares no code with what it judges
	{"udf/describe", []string{"udf", "udf/errs", "udf/hll"}, true},
	{"udf", []string{"udf/errs", "udf/state", "udf/hll", "udf/hist"}, true},
	{"cgo/abi", nil, false},
	{"cgo/pings", []string{"internal/pingselect", "udf/hist"}, false},
	{"cgo", []string{"udf", "udf/errs", "udf/state", "udf/hll"}, true},
	{"rollup/definitions", []string{"udf/hist"}, false},
	{"rollup/partial", []string{"internal/parquetpages"}, false},
	{"rollup/extract", []string{"internal/jsonwalk", "internal/ping", "rollup/definitions", "rollup/partial", "udf/hist"}, false},
	{"rollup/store", []string{"rollup/partial", "rollup/store", "udf/hist"}, false},
	{"rollup/internal/pgserver", []string{"internal/pgtest"}, true},
	{"rollup/bench", []string{"internal/pgtest", "rollup/", "udf/hist"}, false},
	{"rollup/load", []string{"rollup/partial", "rollup/store", "rollup/store/"}, false},
	{"rollup/api", []string{"rollup/definitions", "rollup/partial", "rollup/store", "udf/hist"}, false},
	{"rollup/web", []string{"internal/pages"}, false},
	{"cmd/headcount-rollup", []string{"internal/pages", "internal/ping", "rollup/"}, false},
	{"cmd/headcount-sidecar", []string{"sidecar"}, false},
	{"cmd/headcount", []string{
		"udf", "udf/hll", "cmd/headcount/internal/",
		"internal/groupby", "internal/input", "internal/longitudinal", "internal/pages", "internal/pages/disk", "internal/parquetout", "internal/ping", "internal/pinggen",
		"internal/progress", "internal/scan", "internal/sortkey", "internal/view",
	}, false},
	{"sidecar/internal/admission", nil, true},
	{"sidecar/internal/arrowcheck", []string{"sidecar/internal/decompress"}, true},
	{"sidecar/internal/decompress", nil, false},
	{"sidecar/internal/catalog", []string{"udf"}, true},
	{"sidecar/internal/prestopage", []string{"udf"}, true},
	{"sidecar/internal/schedule", []string{"udf"}, true},
	{"sidecar/internal/sharedmem", nil, false},
	{"sidecar/internal/metrics", []string{"sidecar/internal/admission"}, false},
	{"sidecar/internal/flight", []string{"udf", "udf/errs", "sidecar/internal/admission", "sidecar/internal/arrowcheck", "sidecar/internal/catalog",
		"sidecar/internal/metrics", "sidecar/internal/schedule", "sidecar/internal/sharedmem"}, false},
	{"sidecar/internal/rest", []string{"udf", "udf/errs", "sidecar/internal/admission", "sidecar/internal/catalog", "sidecar/internal/metrics",
		"sidecar/internal/prestopage", "sidecar/internal/schedule"}, false},
	{"sidecar/internal/process", []string{"sidecar/internal/admission", "sidecar/internal/flight", "sidecar/internal/metrics",
		"sidecar/internal/rest", "sidecar/internal/sharedmem"}, false},
	{"sidecar/interop", nil, false}, // tests only
	{"sidecar/client", nil, false},
	{"sidecar/conformance", []string{"sidecar", "sidecar/client", "udf", "udf/conformance/driver"}, false},
	{"sidecar/bench", []string{"sidecar", "sidecar/client", "sidecar/internal/process", "udf"}, false},
	{"sidecar", []string{"sidecar/internal/process"}, false},
	{"e2e", []string{"internal/trinotest", "udf/conformance"}, false},
	{"internal/pages", nil, false},
	{"internal/pgtest", nil, true},
	{"internal/trinotest", nil, true},
	{"internal/sortkey", nil, true},
	{"internal/progress", nil, false},
	{"internal/groupby", []string{"udf/hll", "udf/state"}, false},
	{"internal/parquetin", nil, false},
	{"internal/parquetpages", nil, false},
	{"internal/input", []string{"internal/parquetin", "internal/parquetpages", "internal/sortkey"}, false},
	{"internal/parquetout", []string{"internal/sortkey"}, false},
	{"internal/scan", []string{"internal/groupby", "internal/input"}, false},
	{"internal/extsort", nil, false},
	{"internal/jsonwalk", nil, false}, // golang.org/x/sys/cpu
	{"internal/nested", nil, false},
	{"internal/longitudinal", []string{"internal/extsort", "internal/nested", "internal/parquetin", "internal/parquetpages", "internal/ping", "internal/sortkey", "internal/view"}, false},
	{"internal/pinggen", nil, true},
	{"internal/pingselect", []string{"internal/jsonwalk", "internal/ping", "udf/hist"}, false},
	{"internal/ping", []string{"internal/jsonwalk", "udf/hist"}, false},
	{"internal/view", []string{"internal/extsort", "internal/jsonwalk", "internal/nested", "internal/ping", "internal/sortkey", "udf/hist"}, false},
	{"internal/", nil, true},
	{"report/document", nil, false},
	{"report/secret", nil, false},
	{"report/source", []string{"report/secret", "udf", "udf/hll"}, false},
	{"report/execute", []string{"report/document", "report/source"}, false},
	{"report/notebook", []string{"internal/pages/disk", "report/document"}, false},
	{"report/render", []string{"internal/pages/disk", "report/document", "report/execute", "report/source"}, false},
	{"report/state", []string{"report/source"}, false},
	{"report/notify", []string{"report/secret", "report/state"}, false},
	{"report/schedule", []string{"report/state"}, false},
	{"report/serve", []string{"internal/pages", "internal/pages/disk", "report/document", "report/state"}, false},
	{"report/cmd/headcount-reports", []string{"internal/pages", "report/"}, false},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestPackages_ImportOnlyAllowedLayers(t *testing.T) {
	for _, p := range slices.Concat(packages(t, "."), packages(t, "../../report")) {
		name := strings.TrimPrefix(p.ImportPath, module)
		layer := -1
		for i, a := range allowed {
			if strings.HasPrefix(name, a.layer) {
				layer = i
				break
			}
		}
		if layer < 0 {
			t.Errorf("%s belongs to no layer: give it one", name)
			continue
		}
		for _, imported := range p.Imports {
			if why := rejection(name, imported, allowed[layer].imports, allowed[layer].std); why != "" {
				t.Errorf("%s imports %s: %s", name, imported, why)
			}
		}
	}
}

func rejection(name, imported string, ours []string, std bool) string {
	local, isOurs := strings.CutPrefix(imported, module)
	if !isOurs {
		if first, _, _ := strings.Cut(imported, "/"); std && strings.Contains(first, ".") {
			return "only the standard library is allowed there"
		}
		return ""
	}
	if strings.HasPrefix(local, name+"/") {
		return ""
	}
	for _, may := range ours {
		if local == may || strings.HasSuffix(may, "/") && strings.HasPrefix(local, may) {
			return ""
		}
	}
	return "the layer may not depend on that one"
}

// packages returns the packages of the module that has a folder. The reports are a module of their own.
func packages(t *testing.T, folder string) (all []goPackage) {
	t.Helper()
	top, err := exec.Command("go", "list", "-C", folder, "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	list := exec.Command("go", "list", "-C", strings.TrimSpace(string(top)), "-json=ImportPath,Imports", "./...")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list found %d packages", len(all))
	}
	return all
}
