// Command service-b-go is service_b in Go: the same routes, metrics, faults and answers as services/service-b.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

const (
	serviceName = "service_b"
	defaultPort = 8002
	// Wrong use, or an environment that does not allow the start.
	exitUsage = 2
	// While it stops, keep-alive connections get an answer with `Connection: close` and are let go.
	drainTime = 300 * time.Millisecond
	closeTime = 2500 * time.Millisecond
	flushTime = 2 * time.Second
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "-healthcheck" {
		os.Exit(checkHealth())
	}
	if err := run(); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", serviceName, err)
		os.Exit(exitUsage)
	}
}

func run() error {
	host := envOr("HOST", "127.0.0.1")
	port, err := portFrom(os.Getenv("PORT"))
	if err != nil {
		return err
	}
	logger, err := newLogger(os.Getenv("LOG_LEVEL"))
	if err != nil {
		return err
	}
	guard, err := adminGuardFromEnv(host)
	if err != nil {
		return err
	}
	telemetry, err := startTelemetry(context.Background(), serviceName)
	if err != nil {
		return err
	}
	application := newApp(appOptions{
		logger:    logger,
		guard:     guard,
		seed:      envOr("SLO_GUARD_FAULT_SEED", defaultSeed),
		telemetry: telemetry,
	})
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return listenError(host, port, err)
	}
	server := &http.Server{Handler: application, ReadHeaderTimeout: 10 * time.Second}
	stopped, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	logger.Info("ready on http://" + listener.Addr().String())
	select {
	case err := <-failed:
		return err
	case <-stopped.Done():
	}
	logger.Info("stopping")
	drain(server, listener, application)
	flush, done := context.WithTimeout(context.Background(), flushTime)
	defer done()
	telemetry.shutdown(flush)
	logger.Info("stopped")
	return nil
}

// drain stops without losing a request: no new connections, an answer with `Connection: close` for what arrives on
// open ones, then the idle ones are closed.
func drain(server *http.Server, listener net.Listener, application *app) {
	listener.Close()
	application.stopWaits()
	application.closing.Store(true)
	time.Sleep(drainTime)
	closing, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	if server.Shutdown(closing) != nil {
		server.Close()
	}
}

func envOr(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func portFrom(value string) (int, error) {
	if value == "" {
		return defaultPort, nil
	}
	port, err := strconv.ParseUint(value, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("PORT=%s is not a port (0 to 65535)", value)
	}
	return int(port), nil
}

func listenError(host string, port int, err error) error {
	switch {
	case isErrno(err, syscall.EADDRINUSE):
		return fmt.Errorf("port %d on %s is in use: stop what listens there, or set PORT", port, host)
	case isErrno(err, syscall.EACCES):
		return fmt.Errorf("port %d on %s may not be opened: set PORT to 1024 or above", port, host)
	}
	return fmt.Errorf("cannot listen on %s:%d: %w", host, port, err)
}

// checkHealth asks the service in this very container: an image from scratch has nothing else to ask with.
func checkHealth() int {
	client := http.Client{Timeout: 3 * time.Second}
	answer, err := client.Get("http://127.0.0.1:" + envOr("PORT", strconv.Itoa(defaultPort)) + "/healthz")
	if err != nil || answer.StatusCode != http.StatusOK {
		return 1
	}
	return 0
}
