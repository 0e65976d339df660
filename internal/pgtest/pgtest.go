// Package pgtest starts a PostgreSQL server for tests and benchmarks: a cluster of its own in a temporary folder, on a free port, as an
// ordinary user.
package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// A Server is a running PostgreSQL.
type Server struct {
	Folder     string // of the cluster
	Connection string // file with the connection string
	Port       int
	bin        string
	credential *syscall.Credential // nil: this user
	process    *exec.Cmd
}

// password is the password of the one user, rollup. The server listens on the loopback interface only.
const password = "rollup"

// Start makes a cluster in a folder below parent and starts it. Settings are appended to postgresql.conf.
func Start(parent string, settings ...string) (*Server, error) {
	s := &Server{}
	var err error
	if s.bin, err = programs(); err != nil {
		return nil, err
	}
	if s.Folder, err = os.MkdirTemp(parent, "postgres-"); err != nil {
		return nil, err
	}
	if err := s.initialize(settings); err != nil {
		os.RemoveAll(s.Folder)
		return nil, err
	}
	if err := s.Resume(); err != nil {
		os.RemoveAll(s.Folder)
		return nil, err
	}
	return s, nil
}

// programs returns the folder of the newest PostgreSQL, 15 or later.
func programs() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("pgtest: PostgreSQL is not installed: apt-get install postgresql")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

func (s *Server) initialize(settings []string) error {
	if os.Getuid() == 0 { // the server does not run as root
		ordinary, err := user.Lookup("postgres")
		if err != nil {
			return err
		}
		uid, _ := strconv.Atoi(ordinary.Uid)
		gid, _ := strconv.Atoi(ordinary.Gid)
		s.credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(s.Folder, uid, gid); err != nil {
			return err
		}
	}
	secret := filepath.Join(s.Folder, "password")
	if err := os.WriteFile(secret, []byte(password), 0o644); err != nil {
		return err
	}
	err := s.run("initdb", "-D", s.data(), "-U", "rollup", "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--locale", "C", "--no-sync")
	if err != nil {
		return err
	}
	if s.Port, err = freePort(); err != nil {
		return err
	}
	config, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	fmt.Fprintf(config, "port = %d\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n", s.Port)
	for _, line := range settings {
		fmt.Fprintln(config, line)
	}
	if err := config.Close(); err != nil {
		return err
	}
	s.Connection = filepath.Join(s.Folder, "connection")
	return os.WriteFile(s.Connection, []byte(s.URL(password)+"\n"), 0o644)
}

// URL returns the connection string with a password.
func (s *Server) URL(password string) string {
	return fmt.Sprintf("postgres://rollup:%s@127.0.0.1:%d/postgres", password, s.Port)
}

// Password returns the password of the user.
func (s *Server) Password() string { return password }

func (s *Server) data() string { return filepath.Join(s.Folder, "data") }

func (s *Server) command(name string, arguments ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.bin, name), arguments...)
	c.Dir = s.Folder
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.credential, Pdeathsig: syscall.SIGQUIT}
	return c
}

func (s *Server) run(name string, arguments ...string) error {
	if out, err := s.command(name, arguments...).CombinedOutput(); err != nil {
		return fmt.Errorf("pgtest: %s: %w: %s", name, err, bytes.TrimSpace(out))
	}
	return nil
}

// Resume starts the server again after Kill.
func (s *Server) Resume() error {
	log, err := os.OpenFile(filepath.Join(s.Folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	s.process = s.command("postgres", "-D", s.data())
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		return err
	}
	for range 600 {
		if s.run("pg_isready", "-h", "127.0.0.1", "-p", strconv.Itoa(s.Port)) == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.Kill()
	return fmt.Errorf("pgtest: PostgreSQL did not start in 60 s: see %s", log.Name())
}

// Kill ends the server at once, as a crash does.
func (s *Server) Kill() {
	s.process.Process.Signal(syscall.SIGQUIT)
	s.process.Wait()
}

// Stop ends the server and removes the cluster.
func (s *Server) Stop() {
	s.Kill()
	os.RemoveAll(s.Folder)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
