// Package layers holds the project's packages to the direction in which they may depend on each other.
package layers

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/headcount-hll/headcount/"

// allowed is what each layer may import of this module, by prefix, beside itself. The first rule whose
// prefix fits a package holds; a package that none fits fails the test.
var allowed = []struct {
	layer   string
	imports []string
	std     bool // nothing outside the standard library
}{
	{"udf/hll/internal/", []string{"udf/hll/internal/"}, true},
	{"udf/hll", []string{"udf/hll/internal/"}, true},
	{"udf/hist", nil, true},
	{"udf/conformance/subject", []string{"udf", "udf/hll", "udf/conformance/subject"}, false},
	{"udf/conformance", nil, false}, // the runner judges: it shares no code with what it judges
	{"udf/describe", []string{"udf"}, true},
	{"udf", []string{"udf/hll"}, true},
	{"cgo/abi", nil, false},
	{"cgo", []string{"udf", "udf/hll"}, true},
	{"sidecar/prestopage", []string{"udf"}, true},
	{"cmd/headcount", []string{"udf", "udf/hll", "cmd/headcount/internal/"}, false},
	{"sidecar/arrowcheck", nil, true},
	{"sidecar/limits", nil, true},
	{"sidecar/metrics", []string{"sidecar/limits"}, false},
	{"sidecar/pieces", []string{"udf"}, true},
	{"sidecar/wire", []string{"udf", "sidecar/arrowcheck", "sidecar/pieces"}, false},
	{"sidecar/server", []string{"udf", "sidecar/arrowcheck", "sidecar/limits", "sidecar/metrics", "sidecar/pieces", "sidecar/wire"}, false},
	{"sidecar/rest", []string{"udf", "sidecar/limits", "sidecar/metrics", "sidecar/pieces", "sidecar/prestopage", "sidecar/wire"}, false},
	{"sidecar/ops", []string{"sidecar/limits", "sidecar/metrics", "sidecar/rest", "sidecar/server", "sidecar/wire"}, false},
	{"sidecar/clients", nil, false}, // tests alone
	{"sidecar/client", nil, false},
	{"sidecar/subject", []string{"sidecar/client", "sidecar/ops", "udf/conformance/subject"}, false},
	{"sidecar/bench", []string{"sidecar/client", "sidecar/ops", "udf"}, false},
	{"sidecar/headcount-sidecar", []string{"sidecar/ops"}, false},
	{"e2e", []string{"udf/conformance"}, false},
	{"internal/", nil, true},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestPackagesImportOnlyWhatTheirLayerMay(t *testing.T) {
	for _, p := range packages(t) {
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
			if why := refuse(name, imported, allowed[layer].imports, allowed[layer].std); why != "" {
				t.Errorf("%s imports %s: %s", name, imported, why)
			}
		}
	}
}

func refuse(name, imported string, ours []string, std bool) string {
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

func packages(t *testing.T) (all []goPackage) {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...")
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
