// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// Failure is a wrong answer.
type Failure struct {
	Case   Case
	Answer string
	Why    error
}

func (f Failure) String() string {
	return fmt.Sprintf("%s\n  request %s\n  answer  %s\n  want    %v\n  wrong   %v",
		f.Case.Name, shorten(f.Case.Line), shorten(f.Answer), f.Case.Want, f.Why)
}

// shorten cuts a line for a person to read; the middle of a sketch tells least. What is short stays as it is.
func shorten(line string) string {
	const most = 160
	if len(line) <= most {
		return line
	}
	return fmt.Sprintf("%s... (%d characters) ...%s", line[:most-60], len(line), line[len(line)-20:])
}

// Generator calls yield with one case after another. It stops at yield's first error and returns it.
type Generator func(yield func(Case) error) error

// Generate makes a generator of cases that are at hand.
func Generate(cases []Case) Generator {
	return func(yield func(Case) error) error {
		for _, c := range cases {
			if err := yield(c); err != nil {
				return err
			}
		}
		return nil
	}
}

// ahead is the limit of unanswered requests. It is above the number of requests, so that a driver may buffer its answers.
const ahead = 1 << 16

// Run starts a driver, asks it every case and calls answered with each answer, in order. The line of the case is shortened
// there, because some have megabytes. An error means that the run failed: the driver did not start, stopped early, wrote
// more answers than requests, or exited with a status other than 0.
func Run(ctx context.Context, path string, generate Generator, answered func(Case, string)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	driver := exec.CommandContext(ctx, path)
	var complaints bytes.Buffer
	driver.Stderr = &complaints
	in, err := driver.StdinPipe()
	if err != nil {
		return err
	}
	out, err := driver.StdoutPipe()
	if err != nil {
		return err
	}
	if err := driver.Start(); err != nil {
		return err
	}
	asked := make(chan Case, ahead)
	written := make(chan error, 1)
	go func() {
		defer close(asked)
		written <- write(ctx, in, generate, asked)
	}()
	readErr := read(out, asked, answered)
	if readErr != nil {
		cancel() // the writer may wait for a driver that no longer reads
	}
	writeErr := <-written
	waitErr := driver.Wait()
	switch {
	case readErr != nil:
		err = readErr
	case writeErr != nil:
		err = fmt.Errorf("asking: %w", writeErr)
	case waitErr != nil:
		err = fmt.Errorf("after the last answer: %w", waitErr)
	default:
		return nil
	}
	return fmt.Errorf("%s: %w; its standard error: %q", path, err, shorten(complaints.String()))
}

func write(ctx context.Context, in io.WriteCloser, generate Generator, asked chan<- Case) error {
	buffer := bufio.NewWriterSize(in, 1<<16)
	err := generate(func(c Case) error {
		if strings.ContainsAny(c.Line, "\r\n") {
			return fmt.Errorf("%s: a request of several lines", c.Name)
		}
		if _, err := buffer.WriteString(c.Line + "\n"); err != nil {
			return err
		}
		c.Line = shorten(c.Line)
		select {
		case asked <- c:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return errors.Join(err, buffer.Flush(), in.Close())
}

func read(out io.Reader, asked <-chan Case, answered func(Case, string)) error {
	lines := bufio.NewReaderSize(out, 1<<16)
	count := 0
	for c := range asked {
		answer, err := lines.ReadString('\n')
		if err != nil {
			return fmt.Errorf("no answer to request %d, %s, %s: %w", count+1, c.Name, shorten(c.Line), err)
		}
		count++
		answered(c, strings.TrimSuffix(strings.TrimSuffix(answer, "\n"), "\r"))
	}
	if extra, _ := lines.ReadString('\n'); extra != "" {
		return fmt.Errorf("%d requests, and after their answers: %s", count, shorten(extra))
	}
	return nil
}
