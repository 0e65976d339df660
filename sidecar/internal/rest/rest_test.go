// SPDX-License-Identifier: Apache-2.0

package rest

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/metrics"
	"github.com/headcount-hll/headcount/sidecar/internal/prestopage"
	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/errs"
)

// A service is a handler behind an HTTP server, with its log and its budget.
type service struct {
	*httptest.Server
	log    *bytes.Buffer
	budget *admission.Budget
}

func serve(t *testing.T, message int) *service {
	t.Helper()
	s := &service{log: &bytes.Buffer{}, budget: admission.NewBudget(4, 64<<20)}
	admit := func(r *http.Request) (*admission.Account, error) {
		if r.Header.Get("Authorization") == "Bearer wrong" {
			return nil, errors.New("no valid token")
		}
		return s.budget.Admit(int64(message))
	}
	s.Server = httptest.NewServer(New(admission.Limits{Message: message}, admit, false,
		metrics.New(prometheus.NewRegistry(), s.budget), slog.New(slog.NewTextHandler(s.log, nil))))
	t.Cleanup(func() {
		s.Close()
		assert.Zero(t, s.budget.Open(), "open calls")
		assert.Zero(t, s.budget.Used(), "reserved memory")
	})
	return s
}

func (s *service) do(t *testing.T, method, path string, body []byte, headers ...string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequest(method, s.URL+path, bytes.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := s.Client().Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, answer
}

// path returns the path of a call, as PrestoDB writes it.
func path(id string) string {
	name, _, _ := strings.Cut(id, ";")
	return "/v1/functions/default/" + name + "/" + url.PathEscape(url.QueryEscape("rest.default."+id)) + "/1"
}

// page returns a page of one channel, as PrestoDB writes it.
func page(t *testing.T, columns ...udf.Column) []byte {
	t.Helper()
	all, err := prestopage.Append(nil, columns[0].Type, columns)
	require.NoError(t, err)
	return all
}

// channels returns a page of one channel for each column.
func channels(t *testing.T, columns ...udf.Column) []byte {
	t.Helper()
	const header, count = 21, 4
	all := page(t, columns[0])
	all[header] = byte(len(columns))
	for _, c := range columns[1:] {
		all = append(all, page(t, c)[header+count:]...)
	}
	size := uint32(len(all) - header)
	binary.LittleEndian.PutUint32(all[5:], size)
	binary.LittleEndian.PutUint32(all[9:], size)
	return all
}

// call calls a function with a page and returns the column of results.
func (s *service) call(t *testing.T, id string, body []byte, result udf.Type) udf.Column {
	t.Helper()
	response, answer := s.do(t, http.MethodPost, path(id), body, "Accept", contentType)
	require.Equal(t, http.StatusOK, response.StatusCode)
	_, columns, err := prestopage.Decode(answer, []udf.Type{result}, 1<<20)
	require.NoError(t, err)
	return columns[0]
}

func TestFunctions_ListsEveryScalar(t *testing.T) {
	s := serve(t, 1<<20)
	response, body := s.do(t, http.MethodGet, "/v1/functions", nil)
	require.Equal(t, "application/json", response.Header.Get("Content-Type"))
	var all map[string][]map[string]any
	require.NoError(t, json.Unmarshal(body, &all))
	wanted := map[string]int{
		"hll_check": 1, "to_hll": 1, "hll_unite": 1, "cardinality": 1, "hll_create": 4, "hll_union": 2, "empty_hll": 2, "hll_precision": 1, "hll_reduce": 1,
		"hll_estimate": 1, "hll_bounds": 1, "hll_intersection": 1, "hll_jaccard": 1, "hll_cardinality": 1,
		"histogram_buckets": 1, "histogram_mean": 1, "histogram_percentile": 1,
	}
	for name, signatures := range all {
		assert.Len(t, signatures, wanted[name], name)
	}
	assert.Len(t, all, len(wanted))
	assert.Equal(t, map[string]any{
		"docString": "The union of the sketches in an array.", "functionKind": "SCALAR", "outputType": "varbinary",
		"paramTypes": []any{"array(varbinary)"}, "schema": "default", "variableArity": false,
		"routineCharacteristics": map[string]any{
			"language": "JAVA", "determinism": "DETERMINISTIC", "nullCallClause": "RETURNS_NULL_ON_NULL_INPUT",
		},
		"functionId": "headcount.default.hll_union;array(varbinary)", "version": "1",
	}, all["hll_union"][1])
	_, ofSchema := s.do(t, http.MethodGet, "/v1/functions/default", nil)
	assert.Equal(t, body, ofSchema)
	_, named := s.do(t, http.MethodGet, "/v1/functions/default/hll_union", nil)
	var one map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(named, &one))
	assert.Len(t, one, 1)
	for _, unknown := range []string{"/v1/functions/other", "/v1/functions/default/merge", "/v1/functions/other/hll_union"} {
		response, body := s.do(t, http.MethodGet, unknown, nil)
		assert.Equal(t, http.StatusOK, response.StatusCode)
		assert.Equal(t, "{}", string(body), unknown)
	}
}

func TestFunctions_HasAnETag(t *testing.T) {
	s := serve(t, 1<<20)
	head, body := s.do(t, http.MethodHead, "/v1/functions", nil)
	tag := head.Header.Get("ETag")
	assert.Empty(t, body)
	assert.Regexp(t, `^"[0-9a-f]{16}"$`, tag)
	again, body := s.do(t, http.MethodGet, "/v1/functions", nil, "If-None-Match", tag)
	assert.Equal(t, http.StatusNotModified, again.StatusCode)
	assert.Empty(t, body)
}

func TestCall_ReturnsPages(t *testing.T) {
	s := serve(t, 1<<20)
	one := []byte{3, 12, 1, 0, 5}
	cardinality := s.call(t, "hll_cardinality;varbinary", page(t, udf.BytesOf(udf.Varbinary, one, nil, []byte{3, 12})), udf.Bigint)
	assert.Equal(t, []int64{1, 0, 0}, cardinality.Int64)
	assert.True(t, cardinality.IsNull(1))
	created := s.call(t, "hll_create;varchar", page(t, udf.BytesOf(udf.Varchar, []byte("a"))), udf.Varbinary)
	assert.Equal(t, []byte{3, 12, 0xc5, 2, 2}, created.Bytes(0))
	empty := s.call(t, "empty_hll", page(t, udf.BytesOf(udf.Varbinary, one, one)), udf.Varbinary)
	assert.Equal(t, 2, empty.Rows, "a function without arguments ignores the column")
}

func TestCall_TakesAndReturnsArrays(t *testing.T) {
	s := serve(t, 1<<20)
	percents := udf.Column{Type: udf.Double, Rows: 3, Float64: []float64{50, 100, 50}}
	got := s.call(t, "histogram_percentile;array(bigint);array(bigint);double", channels(t,
		udf.ArraysOf([]int64{0, 10, 20}, []int64{0, 10, 20}, nil),
		udf.ArraysOf([]int64{1, 2, 1}, []int64{0, 0, 0}, []int64{1}), percents), udf.Double)
	assert.Equal(t, []bool{false, true, true}, got.Null)
	assert.Equal(t, 15.0, got.Float64[0])
	buckets := s.call(t, "histogram_buckets;varchar;bigint;bigint;bigint", channels(t,
		udf.BytesOf(udf.Varchar, []byte("flag"), nil, []byte("categorical")),
		udf.Int64Of(0, 0, 0), udf.Int64Of(0, 0, 0), udf.Int64Of(0, 0, 3)), udf.BigintArray)
	assert.Equal(t, []int64{0, 1, 2}, buckets.Array(0))
	assert.True(t, buckets.IsNull(1))
	assert.Equal(t, []int64{0, 1, 2, 3}, buckets.Array(2))
}

// The page has more rows than one chunk.
func TestCall_ReturnsALargePageInOrder(t *testing.T) {
	s := serve(t, 8<<20)
	const rows = 100_000
	ids := make([][]byte, rows)
	for i := range ids {
		if i%10 != 0 {
			ids[i] = []byte{byte(i), byte(i >> 8), byte(i >> 16)}
		}
	}
	created := s.call(t, "hll_create;varchar", page(t, udf.BytesOf(udf.Varchar, ids...)), udf.Varbinary)
	require.Equal(t, rows, created.Rows)
	create, _ := udf.Find("hll_create", udf.Varchar)
	want, failed := create.Eval(rows, udf.BytesOf(udf.Varchar, ids...))
	require.Nil(t, failed)
	for i := range rows {
		require.Equal(t, want.IsNull(i), created.IsNull(i), i)
		require.Equal(t, want.Bytes(i), created.Bytes(i), i)
	}
}

var failures = []struct {
	what, path string
	body       func(t *testing.T) []byte
	status     int
	says       string
}{
	{"malformed sketch", path("hll_cardinality;varbinary"),
		func(t *testing.T) []byte { return page(t, udf.BytesOf(udf.Varbinary, []byte{3, 12}, []byte{9, 12})) },
		http.StatusBadRequest, "hll_cardinality(varbinary): row 1 of the page: hll: "},
	{"wrong number of channels", path("hll_create;varchar;bigint"),
		func(t *testing.T) []byte { return page(t, udf.BytesOf(udf.Varchar, []byte("a"))) },
		http.StatusBadRequest, "hll_create(varchar, bigint): presto page: wrong number of channels: 1 channels for 2 arguments. PrestoDB 0.296 may send"},
	{"truncated page", path("hll_create;varchar"),
		func(t *testing.T) []byte { return page(t, udf.BytesOf(udf.Varchar, []byte("a")))[:30] },
		http.StatusBadRequest, "hll_create(varchar): presto page: the header declares a body of "},
	{"unknown function", path("hll_size;varbinary"), func(*testing.T) []byte { return nil },
		http.StatusNotFound, `unknown function default.hll_size`},
	{"aggregate", path("merge;varbinary"), func(*testing.T) []byte { return nil },
		http.StatusNotFound, `unknown function default.merge`},
	{"wrong version", strings.TrimSuffix(path("hll_create;varchar"), "1") + "2", func(*testing.T) []byte { return nil },
		http.StatusNotFound, `version "2"`},
	{"page above the limit", path("hll_create;varchar"), func(*testing.T) []byte { return make([]byte, 1<<20+1) },
		http.StatusServiceUnavailable, "a page of 1048577 bytes: the limit of this sidecar is 1048576 (--max-message)"},
}

// A client that accepts pages gets the error in a page, any other client in a status and text.
func TestCall_ReportsErrors(t *testing.T) {
	for _, r := range failures {
		t.Run(r.what, func(t *testing.T) {
			s := serve(t, 1<<20)
			response, text := s.do(t, http.MethodPost, r.path, r.body(t))
			assert.Equal(t, r.status, response.StatusCode)
			assert.Contains(t, string(text), r.says)
			response, answer := s.do(t, http.MethodPost, r.path, r.body(t), "Accept", contentType)
			assert.Equal(t, http.StatusOK, response.StatusCode)
			assert.Equal(t, prestopage.AppendError(nil, prefix+strings.TrimSuffix(string(text), "\n")), answer)
			assert.Contains(t, s.log.String(), "level=WARN")

			s.Config.Handler.(*Handler).statusErrors = true
			response, again := s.do(t, http.MethodPost, r.path, r.body(t), "Accept", contentType)
			assert.Equal(t, r.status, response.StatusCode)
			assert.Equal(t, string(text), string(again))
		})
	}
}

// A C++ worker of PrestoDB escapes the id once, as a part of the path.
func TestCall_TakesAnIDEscapedOnce(t *testing.T) {
	s := serve(t, 1<<20)
	body := page(t, udf.BytesOf(udf.Varchar, []byte("a")))
	response, answer := s.do(t, http.MethodPost, "/v1/functions/default/hll_create/rest.default.hll_create%3Bvarchar/1", body, "Accept", contentType)
	assert.Equal(t, http.StatusOK, response.StatusCode)
	_, columns, err := prestopage.Decode(answer, []udf.Type{udf.Varbinary}, 10)
	require.NoError(t, err)
	assert.Equal(t, []byte{3, 12, 0xc5, 2, 2}, columns[0].Bytes(0))
}

func TestLog_NamesTheRow(t *testing.T) {
	s := serve(t, 1<<20)
	s.do(t, http.MethodPost, failures[0].path, failures[0].body(t))
	assert.Contains(t, s.log.String(), "function=hll_cardinality(binary)")
	assert.Contains(t, s.log.String(), "row=1 code=malformed")
}

func TestServeHTTP_RejectsUnauthenticatedRequests(t *testing.T) {
	s := serve(t, 1<<20)
	response, text := s.do(t, http.MethodGet, "/v1/functions", nil, "Authorization", "Bearer wrong")
	assert.Equal(t, http.StatusUnauthorized, response.StatusCode)
	assert.Equal(t, "no valid token\n", string(text))
}

// A run of one dense sketch is small in the request and large in the answer.
func TestCall_RejectsAnAnswerAboveTheLimit(t *testing.T) {
	s := serve(t, 1<<20)
	dense := append([]byte{2, 16}, make([]byte, 1<<16)...)
	response, text := s.do(t, http.MethodPost, path("hll_union;array(varbinary)"), runOfArrays(dense, 10_000))
	assert.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	assert.Contains(t, string(text), "bytes: the limit of this sidecar is 1048576 (--max-message)")
}

// The client gets no details of a panic; the log does.
func TestCall_HidesPanics(t *testing.T) {
	s := serve(t, 1<<20)
	broken := *newFunctionList().functions[0]
	wire := *broken.Function
	wire.Name, wire.Of = "broken", &udf.Function{Name: "broken", Result: udf.Bigint}
	broken.Function, broken.arguments = &wire, []string{}
	wire.Args = nil
	h := s.Config.Handler.(*Handler)
	h.functions.functions = append(h.functions.functions, &broken)
	response, text := s.do(t, http.MethodPost, path("broken"), page(t, udf.BytesOf(udf.Varbinary, []byte{1})))
	assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
	assert.Equal(t, "internal error: see the sidecar's log\n", string(text))
	assert.Contains(t, s.log.String(), "level=ERROR")
}

func TestStatus_TranslatesErrors(t *testing.T) {
	failed := &rowError{&errs.Error{Code: errs.Malformed, Message: "no"}, newFunctionList().functions[0], 3}
	code, label := status(failed)
	assert.Equal(t, http.StatusBadRequest, code)
	assert.Equal(t, "InvalidArgument", label)
	code, label = status(errors.New("other"))
	assert.Equal(t, http.StatusInternalServerError, code)
	assert.Equal(t, "Internal", label)
}

// runOfArrays returns a page with a run of rows arrays of one sketch.
func runOfArrays(sketch []byte, rows int) []byte {
	number := func(n int) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(n)) }
	name := func(s string) []byte { return append(number(len(s)), s...) }
	none := []byte{0}
	body := bytes.Join([][]byte{
		number(1), name("RLE"), number(rows), name("ARRAY"),
		name("VARIABLE_WIDTH"), number(1), number(len(sketch)), none, number(len(sketch)), sketch,
		number(1), number(0), number(1), none,
	}, nil)
	size := number(len(body))
	return bytes.Join([][]byte{number(rows), none, size, size, make([]byte, 8), body}, nil)
}
