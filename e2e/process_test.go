// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A process is the JVM of a server that the tests started, seen from this machine.
type process struct {
	pid       int    // on this machine
	container string // empty for a local server
}

// process returns the server's JVM, or an error if it is not visible from this machine.
func (r running) process() (process, error) {
	switch r.mode {
	case "local":
		text, err := os.ReadFile(path.Join(r.dir, "launcher.pid"))
		if err != nil {
			return process{}, err
		}
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		return process{pid: pid}, err
	case "docker":
		return r.containerProcess()
	}
	return process{}, fmt.Errorf("%s was not started by the tests", r.url)
}

func (r running) containerProcess() (process, error) {
	container, err := command(nil, "docker", "ps", "--quiet",
		"--filter", "label=com.docker.compose.project=headcount-"+r.port, "--filter", "label=com.docker.compose.service=trino")
	if err != nil {
		return process{}, err
	}
	text, err := command(nil, "docker", "top", container, "-eo", "pid")
	if err != nil {
		return process{}, err
	}
	for _, field := range strings.Fields(text) {
		program, err := os.Readlink("/proc/" + field + "/exe")
		if err == nil && path.Base(program) == "java" { // the name of the process is that of its main thread, not java
			pid, err := strconv.Atoi(field)
			return process{pid: pid, container: container}, err
		}
	}
	return process{}, fmt.Errorf("no visible JVM in container %s: %s", container, text)
}

// status returns a field of /proc/PID/status.
func (p process) status(field string) (string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.pid))
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, field+":"); found {
			return strings.TrimSpace(value), nil
		}
	}
	return "", fmt.Errorf("process %[2]d has no %[1]s in /proc", field, p.pid)
}

// resident returns the resident memory of the process, in bytes.
func (p process) resident() (int64, error) {
	text, err := p.status("VmRSS")
	if err != nil {
		return 0, err
	}
	kilobytes, err := strconv.ParseInt(strings.TrimSuffix(text, " kB"), 10, 64)
	return kilobytes << 10, err
}

// mappings returns the mapped files of the process. The name of a file replaced since then ends in "(deleted)".
func (p process) mappings() (string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", p.pid))
	return string(text), err
}

// jcmd runs the JDK's tool jcmd on the JVM.
func (p process) jcmd(words ...string) (string, error) {
	java, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", p.pid))
	if err != nil {
		return "", err
	}
	jcmd := path.Join(path.Dir(java), "jcmd")
	ids, err := p.status("NSpid") // the last one is the id in its own namespace
	if err != nil {
		return "", err
	}
	pids := strings.Fields(ids)
	words = append([]string{pids[len(pids)-1]}, words...)
	if p.container == "" {
		return command(nil, jcmd, words...)
	}
	return command(nil, "docker", append([]string{"exec", p.container, jcmd}, words...)...)
}

var histogramTotal = regexp.MustCompile(`(?m)^Total\s+\d+\s+(\d+)\s*$`)

// liveHeap runs a garbage collection and returns the size of the live objects, in bytes. It makes the JVM return most of
// its free heap to the system, so that the resident memory is what the server needs.
func (p process) liveHeap() (int64, error) {
	for _, flag := range []string{"MinHeapFreeRatio 5", "MaxHeapFreeRatio 10"} {
		if _, err := p.jcmd(append([]string{"VM.set_flag"}, strings.Fields(flag)...)...); err != nil {
			return 0, err
		}
	}
	histogram, err := p.jcmd("GC.class_histogram") // a full collection, which resizes the heap
	if err != nil {
		return 0, err
	}
	total := histogramTotal.FindStringSubmatch(histogram)
	if total == nil {
		return 0, fmt.Errorf("no total in the class histogram of process %d", p.pid)
	}
	for _, flag := range []string{"MaxHeapFreeRatio 70", "MinHeapFreeRatio 40"} { // the defaults
		if _, err := p.jcmd(append([]string{"VM.set_flag"}, strings.Fields(flag)...)...); err != nil {
			return 0, err
		}
	}
	return strconv.ParseInt(total[1], 10, 64)
}

// insidePlugin returns the number of threads that run the plugin's code.
func (p process) insidePlugin() (int, error) {
	dump, err := p.jcmd("Thread.print")
	if err != nil {
		return 0, err
	}
	threads := 0
	for thread := range strings.SplitSeq(dump, "\n\n") {
		if strings.Contains(thread, "headcounthll") {
			threads++
		}
	}
	return threads, nil
}

// nodeStatus is the server's response to /v1/status.
type nodeStatus struct {
	HeapUsed   int64 `json:"heapUsed"`
	MemoryInfo struct {
		Pool struct {
			ReservedBytes int64 `json:"reservedBytes"`
		} `json:"pool"`
	} `json:"memoryInfo"`
}

func (r running) nodeStatus() (nodeStatus, error) {
	var status nodeStatus
	client := http.Client{Timeout: 30 * time.Second}
	response, err := client.Get(r.url + "/v1/status")
	if err != nil {
		return status, err
	}
	defer response.Body.Close()
	return status, json.NewDecoder(response.Body).Decode(&status)
}
