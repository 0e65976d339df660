// SPDX-License-Identifier: Apache-2.0

package serve

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/headcount-hll/headcount/report/document"
	"github.com/headcount-hll/headcount/report/state"
)

// executedPath returns where the executed notebook of a run is, if its report is a notebook.
func (s *Server) executedPath(run *state.Run) string {
	return document.Executed(filepath.Join(s.Outputs, run.Output))
}

func (s *Server) hasNotebook(run *state.Run) bool {
	info, err := os.Stat(s.executedPath(run))
	return run.Output != "" && err == nil && info.Mode().IsRegular()
}

// executed sends the executed notebook of a run, as a file to save.
func (s *Server) executed(w http.ResponseWriter, r *http.Request) {
	run := s.find(w, r)
	if run == nil {
		return
	}
	if !s.hasNotebook(run) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/x-ipynb+json")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=run-%d%s", run.ID, document.NotebookSuffix))
	http.ServeFile(w, r, s.executedPath(run))
}
