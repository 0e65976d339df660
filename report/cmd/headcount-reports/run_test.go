// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/pages/pagetest"
)

// run runs the command and returns the path of the page.
func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	c := runCommand()
	var out bytes.Buffer
	c.SetOut(&out)
	c.SilenceErrors, c.SilenceUsage = true, true
	c.SetArgs(append(args, "-o", t.TempDir()))
	err := c.ExecuteContext(t.Context())
	return strings.TrimSpace(out.String()), err
}

// open opens a page from disk and holds it to have asked for nothing else and to have complained of nothing.
func open(t *testing.T, scheme, path string) *pagetest.Tab {
	t.Helper()
	tab := pagetest.Open(t, scheme, 1200, 900)
	address := "file://" + path
	require.NoError(t, chromedp.Do(tab.Ctx, chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("main"))))
	tab.Await(`typeof makers === 'object'`)
	complaints, requests := tab.Seen()
	require.Empty(t, complaints)
	require.Equal(t, []string{address}, requests)
	return tab
}

func TestRun_DrawsEveryChartFromCSV(t *testing.T) {
	path, err := run(t, "testdata/activity.md")
	require.NoError(t, err)
	for _, scheme := range []string{"light", "dark"} {
		tab := open(t, scheme, path)
		series := pagetest.Evaluate[map[string][]any](tab, `Object.fromEntries(
			[...document.querySelectorAll('.plot')].map((p) => [p.id, echarts.getInstanceByDom(p).getOption().series.filter((s) => s.id?.startsWith('estimate')).flatMap((s) => s.data)]))`)
		require.Len(t, series, 6)
		line := series[firstPlot(tab)]
		require.Equal(t, []any{120.0, 130.0, nil, 125.0, 1200.0, 1300.0, nil, 1250.0}, line, "the missing day is a gap")
		require.Contains(t, pagetest.Evaluate[string](tab, `document.querySelector('.big').innerText`), "1,200")
		require.Equal(t, 6, pagetest.Evaluate[int](tab, `document.querySelectorAll('tbody tr').length`))
		require.Contains(t, pagetest.Evaluate[string](tab, `document.querySelector('.text').innerText`), "release since 2016-11-01: 1,200 on the last day, a share of 50.0%.")
	}
}

func firstPlot(tab *pagetest.Tab) string {
	return pagetest.Evaluate[string](tab, `document.querySelector('.plot').id`)
}

func TestPage_ZoomsAndResets(t *testing.T) {
	path, err := run(t, "testdata/activity.md")
	require.NoError(t, err)
	tab := open(t, "light", path)
	zoom := `JSON.stringify(echarts.getInstanceByDom(document.querySelector('.plot')).getOption().dataZoom.map((z) => [z.start, z.end]))`
	require.Equal(t, "[[0,100],[0,100]]", pagetest.Evaluate[string](tab, zoom))
	pagetest.Evaluate[any](tab, `echarts.getInstanceByDom(document.querySelector('.plot')).dispatchAction({type: 'dataZoom', start: 25, end: 75}); 0`)
	require.NotEqual(t, "[[0,100],[0,100]]", pagetest.Evaluate[string](tab, zoom))
	require.NoError(t, chromedp.Do(tab.Ctx, chromedp.Click(chromedp.CSS("[data-reset]"))))
	tab.Await(zoom + ` === '[[0,100],[0,100]]'`)
	pagetest.Evaluate[any](tab, `echarts.getInstanceByDom(document.querySelector('.plot')).dispatchAction({type: 'showTip', seriesIndex: 0, dataIndex: 1}); 0`)
	tab.Await(`document.querySelector('.tip')?.innerText.includes('beta: 130')`)
	complaints, _ := tab.Seen()
	require.Empty(t, complaints)
}

func TestPage_SavesCSVAndJSONOfTheResult(t *testing.T) {
	path, err := run(t, "testdata/activity.md")
	require.NoError(t, err)
	tab := open(t, "light", path)
	require.Equal(t, "clients,share,note\n1200,0.5,<script>document.title='ran'</script>\n", pagetest.Evaluate[string](tab, `csv(data.results.latest)`))
	require.Equal(t, 6.0, pagetest.Evaluate[float64](tab, `data.results.daily.rows.length`))
}

func TestPage_RunsNoScriptOfTextParametersOrData(t *testing.T) {
	attack := `</script><img src=x onerror="document.title='ran'"><script>document.title='ran'</script>`
	path, err := run(t, "testdata/activity.md", "--param", "channel="+attack)
	require.NoError(t, err)
	tab := open(t, "light", path)
	require.Equal(t, "Activity by channel", pagetest.Evaluate[string](tab, `document.title`))
	require.Contains(t, pagetest.Evaluate[string](tab, `document.querySelector('.text').innerText`), attack, "a value is text")
	require.Zero(t, pagetest.Evaluate[int](tab, `document.querySelectorAll('.text script, .text img, .text b, .text [onclick], a[href^="javascript"]').length`))
	// Even markup that gets into the page does not run: the policy allows the page's own scripts alone.
	pagetest.Evaluate[any](tab, `addEventListener('securitypolicyviolation', (e) => { window.violated = e.violatedDirective; });
		document.body.insertAdjacentHTML('beforeend', '<button id="inserted" onclick="document.title = 1">x</button>'); document.getElementById('inserted').click(); 0`)
	tab.Await(`window.violated === 'script-src-attr'`)
	require.Equal(t, "Activity by channel", pagetest.Evaluate[string](tab, `document.title`))
}

// A report in a folder of its own, with files outside of it.
func report(t *testing.T, tables, sql string) (file, secret string) {
	t.Helper()
	outside := t.TempDir()
	secret = filepath.Join(outside, "outside.csv")
	require.NoError(t, os.WriteFile(secret, []byte("word\n"+"not-"+"to-see\n"), 0o600))
	folder := filepath.Join(outside, "reports")
	require.NoError(t, os.Mkdir(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "inside.csv"), []byte("word\nshown\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "unnamed.csv"), []byte("word\n"+"not-"+"to-see\n"), 0o600))
	require.NoError(t, os.Symlink(secret, filepath.Join(folder, "link.csv")))
	require.NoError(t, os.Symlink(outside, filepath.Join(folder, "linked")))
	file = filepath.Join(folder, "r.md")
	text := fmt.Sprintf("---\ntitle: R\ntables: {inside: inside.csv%s}\n---\n```sql name=q\n%s\n```\n\n```chart\ntype: table\ndata: q\n```\n", tables, strings.NewReplacer("SECRET", secret, "FOLDER", folder).Replace(sql))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file, secret
}

func TestFiles_ReadsNothingOutsideTheFolder(t *testing.T) {
	for _, c := range []struct{ tables, sql, want string }{
		{"", "SELECT * FROM read_csv('SECRET')", "disabled"},
		{"", "SELECT * FROM read_text('SECRET')", "disabled"},
		{"", "SELECT * FROM read_blob('SECRET')", "disabled"},
		{"", "SELECT * FROM read_text('/proc/self/environ')", "disabled"},
		{"", "SELECT * FROM read_json('SECRET')", "disabled"},
		{"", "SELECT * FROM read_ndjson_objects('SECRET')", "disabled"},
		{"", "SELECT * FROM read_parquet('SECRET')", "disabled"},
		{"", "SELECT * FROM parquet_metadata('SECRET')", "disabled"},
		{"", "SELECT * FROM sniff_csv('SECRET')", "disabled"},
		{"", "SELECT * FROM read_csv(['FOLDER/inside.csv', 'SECRET'])", "disabled"},
		{"", "SELECT * FROM read_csv('FOLDER/../outside.csv')", "disabled"},
		{"", "SELECT * FROM read_csv('FOLDER/inside.csv/../../outside.csv')", "disabled"},
		{"", "SELECT * FROM read_csv('FOLDER/link.csv')", "disabled"},
		{"", "SELECT * FROM read_csv('FOLDER/linked/outside.csv')", "disabled"},
		{"", "SELECT * FROM read_csv('FOLDER/unnamed.csv')", "disabled"},
		{"", "SELECT * FROM read_csv('FOLDER/*.csv')", "disabled"},
		{"", "SELECT * FROM read_csv('file://SECRET')", "disabled"},
		{"", "SELECT * FROM read_csv('https://127.0.0.1:1/x.csv')", ""},
		{"", "SELECT * FROM 's3://bucket/x.parquet'", ""},
		{"", "SELECT * FROM query('SELECT * FROM read_text(''SECRET'')')", "disabled"},
		{"", "SELECT * FROM query('COPY inside TO ''FOLDER/copy.csv''')", ""},
		{"", "SELECT * FROM query_table('SECRET')", ""},
		{"", "WITH x AS (SELECT * FROM read_text('SECRET')) SELECT * FROM x", "disabled"},
		{"", "SELECT (SELECT content FROM read_text('SECRET'))", "disabled"},
		{"", "SELECT * FROM sqlite_scan('SECRET', 'x')", ""},
		{"", "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''SECRET'')'))", ""},
		{"", "SELECT * FROM glob('/etc/*')", "disabled"},
		{"", "SELECT * FROM 'SECRET'", "disabled"},
		{"", "COPY inside TO 'copy.csv'", "one SELECT statement"},
		{"", "COPY inside TO 'FOLDER/inside.csv'; SELECT 1", "one SELECT statement"},
		{"", "SELECT E'a\\''; COPY inside TO 'FOLDER/inside.csv'; SELECT ''", "one SELECT statement"},
		{"", "SELECT getenv('HOME')", ""},
		{"", "SELEC 1", "syntax"},
		{"", "COPY inside TO 'FOLDER/inside.csv'", "one SELECT statement"},
		{"", "ATTACH 'SECRET' AS other", "one SELECT statement"},
		{"", "SET enable_external_access = true", "one SELECT statement"},
		{"", "INSTALL httpfs", "one SELECT statement"},
		{"", "LOAD httpfs", "one SELECT statement"},
		{"", "EXPORT DATABASE 'FOLDER/all'", "one SELECT statement"},
		{"", "IMPORT DATABASE 'FOLDER'", "one SELECT statement"},
		{"", "CREATE VIEW v AS SELECT * FROM read_text('SECRET')", "one SELECT statement"},
		{"", "CREATE secret (TYPE s3)", "one SELECT statement"},
		{"", "PRAGMA enable_profiling", "one SELECT statement"},
		{"", "RESET enable_external_access", "one SELECT statement"},
		{"", "EXPLAIN ANALYZE COPY inside TO 'FOLDER/copy.csv'", "one SELECT statement"},
		{"", "PREPARE p AS SELECT * FROM read_text('SECRET')", "one SELECT statement"},
		{"", "SELECT 1; SELECT 2", "one SELECT statement"},
		{", other: ../outside.csv", "SELECT 1", "not a path inside the report's folder"},
		{", other: /etc/passwd", "SELECT 1", "not a path inside the report's folder"},
		{", other: link.csv", "SELECT 1", "leads out of the report's folder"},
		{", other: linked/outside.csv", "SELECT 1", "leads out of the report's folder"},
		{", other: 'linked/*.csv'", "SELECT 1", "leads out of the report's folder"},
		{", other: 'l*.csv'", "SELECT 1", "leads out of the report's folder"},
		{", other: 'linked/reports/../outside.csv'", "SELECT 1", "leads out of the report's folder"},
	} {
		file, _ := report(t, c.tables, c.sql)
		path, err := run(t, file)
		require.ErrorContains(t, err, c.want, c.sql)
		page, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Contains(t, string(page), "This run failed")
		require.NotContains(t, string(page), "not-to-see", c.sql)
		require.NoFileExists(t, filepath.Join(filepath.Dir(file), "copy.csv"), c.sql)
	}
	file, _ := report(t, "", "SELECT * FROM inside")
	path, err := run(t, file)
	require.NoError(t, err)
	page, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(page), "shown")
}
