// SPDX-License-Identifier: Apache-2.0

package serve

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"github.com/google/renameio/v2"

	"github.com/headcount-hll/headcount/report/document"
)

// maxUpload is the largest file of an upload, in bytes. A report in Markdown has at most [document.MaxSize].
const maxUpload = 16 << 20

// uploadName is the name of a file: no path, no hidden file.
var uploadName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\.(md|ipynb)$`)

// A failure is an error with the status of its answer.
type failure struct {
	status int
	text   string
}

func (f *failure) Error() string { return f.text }

func failed(status int, format string, args ...any) error {
	return &failure{status, fmt.Sprintf(format, args...)}
}

// An upload is a file that a client sends.
type upload struct {
	name    string
	text    []byte
	replace bool // a file of this name
}

// put takes the file NAME.md or NAME.ipynb as the body of a request, and answers with text.
func (s *Server) put(w http.ResponseWriter, r *http.Request) {
	said, err := s.take(r, "", func() (u upload, err error) {
		u = upload{name: r.PathValue("name"), replace: r.URL.Query().Get("replace") == "yes"}
		if err = checkName(u.name); err == nil {
			u.text, err = readAll(r.Body)
		}
		return u, err
	})
	if err != nil {
		http.Error(w, err.Error(), statusOf(err))
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintln(w, said)
}

// form shows the form of an upload.
func (s *Server) form(w http.ResponseWriter, r *http.Request) {
	if !s.Uploads {
		http.NotFound(w, r)
		return
	}
	s.show(w, "upload", map[string]any{})
}

// post takes a file by the form, and shows what was done.
func (s *Server) post(w http.ResponseWriter, r *http.Request) {
	said, err := "", failed(http.StatusBadRequest, "the request is not the form of an upload")
	if parts, problem := r.MultipartReader(); problem == nil {
		var token string
		token, err = field(parts, "token")
		if err == nil {
			said, err = s.take(r, token, func() (upload, error) { return readForm(parts) })
		}
	}
	data := map[string]any{"Done": said}
	if err != nil {
		data["Error"] = err.Error()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(statusOf(err))
	}
	s.show(w, "upload", data)
}

// take checks a client's right, reads its file, checks it and stores it. It returns what was done.
func (s *Server) take(r *http.Request, token string, read func() (upload, error)) (string, error) {
	if !s.Uploads {
		return "", failed(http.StatusForbidden, "this server takes no uploads: start it with --upload")
	}
	if !s.allowed(r, token) {
		return "", failed(http.StatusForbidden, "an upload needs the token of this server")
	}
	u, err := read()
	if err != nil {
		return "", err
	}
	report, err := document.ParseFile(u.name, u.text)
	if err != nil {
		return "", failed(http.StatusBadRequest, "%s was not stored: %v", u.name, err)
	}
	return s.store(u, report.Title)
}

// store writes a file whole or not at all. It replaces a file only if the client asks for it.
func (s *Server) store(u upload, title string) (string, error) {
	name, suffix, _ := strings.Cut(u.name, ".")
	for _, other := range []string{"md", "ipynb"} {
		if _, err := os.Lstat(filepath.Join(s.Folder.Path, name+"."+other)); err == nil && other != suffix {
			return "", failed(http.StatusConflict, "%s was not stored: there is %s.%s, a report of the same name", u.name, name, other)
		}
	}
	path := filepath.Join(s.Folder.Path, u.name)
	before, err := os.Lstat(path)
	exists := err == nil
	if u.replace {
		err = renameio.WriteFile(path, u.text, 0o644)
	} else {
		err = create(path, u.text)
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return "", failed(http.StatusConflict, "%s was not stored: there is a report of this name. Ask to replace it, or choose another name", u.name)
	case err != nil:
		s.Log.Error("an upload was not stored", "file", u.name, "error", err)
		return "", failed(http.StatusInsufficientStorage, "%s was not stored: %v", u.name, cause(err))
	}
	s.Log.Info("a report was uploaded", "file", u.name, "bytes", len(u.text), "replaced", exists)
	said := fmt.Sprintf("Stored %s, %d bytes: %s.", u.name, len(u.text), title)
	if exists {
		said = fmt.Sprintf("Replaced %s: it had %d bytes, now %d: %s.", u.name, before.Size(), len(u.text), title)
	}
	if e := s.Folder.Find(name); e != nil && e.Err == nil && !e.Report.Next(s.Now()).IsZero() {
		said += " It is due at " + when(e.Report.Next(s.Now())) + "."
	}
	return said, nil
}

// create writes a file that does not exist yet.
func create(path string, text []byte) (err error) {
	out, err := os.CreateTemp(filepath.Dir(path), ".upload-")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	_, err = out.Write(text)
	if err = errors.Join(err, out.Chmod(0o644), out.Sync(), out.Close()); err != nil {
		return err
	}
	return os.Link(out.Name(), path)
}

// cause returns an error without the paths of this machine.
func cause(err error) error {
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		return number
	}
	return errors.New("the log of the server has the reason")
}

func checkName(name string) error {
	if !uploadName.MatchString(name) {
		return failed(http.StatusBadRequest, "%.80q is not a name such as activity.md or activity.ipynb: letters, digits, - and _", name)
	}
	return nil
}

// readForm reads the fields of the form after the token.
func readForm(parts *multipart.Reader) (u upload, err error) {
	for {
		part, err := parts.NextPart()
		if err != nil {
			return u, failed(http.StatusBadRequest, "the form has no file, or the request ended early")
		}
		switch part.FormName() {
		case "replace":
			u.replace = true
		case "file":
			if u.name, err = nameOf(part); err == nil {
				u.text, err = readAll(part)
			}
			return u, err
		}
	}
}

// nameOf returns the name of a form's file as it was sent: [multipart.Part.FileName] drops a path.
func nameOf(part *multipart.Part) (string, error) {
	_, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil {
		return "", failed(http.StatusBadRequest, "the file has no name")
	}
	return parameters["filename"], checkName(parameters["filename"])
}

// field reads the next field of a form, which must have a name: the token comes first, so that nothing is read without it.
func field(parts *multipart.Reader, name string) (string, error) {
	part, err := parts.NextPart()
	if err != nil || part.FormName() != name {
		return "", failed(http.StatusBadRequest, "the form's first field is not %s", name)
	}
	text, err := io.ReadAll(io.LimitReader(part, 4096))
	return string(text), err
}

func readAll(from io.Reader) ([]byte, error) {
	var text bytes.Buffer
	n, err := io.Copy(&text, io.LimitReader(from, maxUpload+1))
	if n > maxUpload {
		return nil, failed(http.StatusRequestEntityTooLarge, "the file is larger than %d MB", maxUpload>>20)
	}
	if err != nil {
		return nil, failed(http.StatusBadRequest, "the request ended early")
	}
	return text.Bytes(), nil
}

func statusOf(err error) int {
	if f, ok := errors.AsType[*failure](err); ok {
		return f.status
	}
	return http.StatusInternalServerError
}
