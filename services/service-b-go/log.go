package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"
)

var logLevels = map[string]slog.Level{
	"fatal": slog.LevelError + 4, "error": slog.LevelError, "warn": slog.LevelWarn,
	"info": slog.LevelInfo, "debug": slog.LevelDebug, "trace": slog.LevelDebug - 4,
}

// newLogger writes one JSON object a line, with the fields of the other services.
func newLogger(level string) (*slog.Logger, error) {
	if level == "" {
		level = "info"
	}
	if level == "silent" {
		return slog.New(slog.NewJSONHandler(io.Discard, nil)), nil
	}
	least, known := logLevels[level]
	if !known {
		return nil, fmt.Errorf(
			"LOG_LEVEL=%s is not a level; use one of fatal, error, warn, info, debug, trace, silent", level)
	}
	handler := slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{
		Level: least,
		ReplaceAttr: func(groups []string, attr slog.Attr) slog.Attr {
			if len(groups) > 0 {
				return attr
			}
			switch attr.Key {
			case slog.LevelKey:
				return slog.String(slog.LevelKey, strings.ToLower(attr.Value.String()))
			case slog.TimeKey:
				return slog.String(slog.TimeKey, attr.Value.Time().UTC().Format("2006-01-02T15:04:05.000Z"))
			}
			return attr
		},
	})
	return slog.New(handler).With("service", serviceName), nil
}

// withTrace adds the ids that a log line is found by.
func withTrace(logger *slog.Logger, span trace.SpanContext) *slog.Logger {
	if !span.IsValid() {
		return logger
	}
	return logger.With("trace_id", span.TraceID().String(), "span_id", span.SpanID().String())
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
