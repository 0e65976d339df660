// Command pgserver runs a PostgreSQL of its own below a folder until it is interrupted, and prints the file with its connection string.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/headcount-hll/headcount/internal/pgtest"
)

func main() {
	runtime.LockOSThread() // the server ends with the thread that started it
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: pgserver FOLDER")
		os.Exit(2)
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, os.Interrupt, syscall.SIGTERM)
	server, err := pgtest.Start(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer server.Stop()
	fmt.Println(server.Connection)
	<-ended
}
