package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// telemetry is the tracing of this process, with the fate of every span counted.
type telemetry struct {
	tracer     trace.Tracer
	propagator propagation.TextMapPropagator
	counts     *spanCounts
	shutdown   func(context.Context)
}

// spanCounts: started = exported + lost + waiting.
type spanCounts struct {
	started, exported, lost atomic.Int64
}

// startTelemetry reads the OTEL_* variables as @slo-guard/telemetry does; endpoint, headers, timeout and batch
// settings are read by the SDK itself.
func startTelemetry(ctx context.Context, name string) (*telemetry, error) {
	made := &telemetry{
		propagator: propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{}),
		counts:     &spanCounts{},
		shutdown:   func(context.Context) {},
	}
	if strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") {
		made.tracer = noop.NewTracerProvider().Tracer(name)
		return made, nil
	}
	exporter, err := newExporter(ctx)
	if err != nil {
		return nil, err
	}
	described, err := resource.New(ctx,
		resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", name)),
		resource.WithFromEnv(),
	)
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	options := []sdktrace.TracerProviderOption{
		sdktrace.WithResource(described),
		sdktrace.WithSpanProcessor(startCounter{made.counts}),
	}
	if exporter != nil {
		options = append(options, sdktrace.WithBatcher(&countedExporter{exporter, made.counts}))
	}
	provider := sdktrace.NewTracerProvider(options...)
	otel.SetErrorHandler(warnOnce())
	made.tracer = provider.Tracer(name)
	made.shutdown = func(ctx context.Context) { _ = provider.Shutdown(ctx) }
	return made, nil
}

func newExporter(ctx context.Context) (sdktrace.SpanExporter, error) {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"} {
		value := os.Getenv(name)
		parsed, err := url.Parse(value)
		if value != "" && (err != nil || parsed.Scheme != "http" && parsed.Scheme != "https") {
			return nil, fmt.Errorf(
				"%s=%s is not an http:// or https:// address, such as http://127.0.0.1:4318", name, value)
		}
	}
	switch kind := envOr("OTEL_TRACES_EXPORTER", "otlp"); kind {
	case "none":
		return nil, nil
	case "otlp":
	default:
		return nil, fmt.Errorf("OTEL_TRACES_EXPORTER=%s is not supported; use one of otlp, none", kind)
	}
	protocol := envOr("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", envOr("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"))
	switch protocol {
	case "grpc":
		return otlptrace.New(ctx, otlptracegrpc.NewClient())
	case "http/protobuf":
		return otlptrace.New(ctx, otlptracehttp.NewClient())
	}
	return nil, fmt.Errorf(
		"OTEL_EXPORTER_OTLP_PROTOCOL=%s is not supported; use one of grpc, http/protobuf", protocol)
}

// startCounter counts the spans that are recorded.
type startCounter struct{ counts *spanCounts }

func (c startCounter) OnStart(context.Context, sdktrace.ReadWriteSpan) { c.counts.started.Add(1) }
func (startCounter) OnEnd(sdktrace.ReadOnlySpan)                       {}
func (startCounter) Shutdown(context.Context) error                    { return nil }
func (startCounter) ForceFlush(context.Context) error                  { return nil }

// countedExporter counts what the collector took and what it did not.
type countedExporter struct {
	sdktrace.SpanExporter
	counts *spanCounts
}

func (e *countedExporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := e.SpanExporter.ExportSpans(ctx, spans)
	if err == nil {
		e.counts.exported.Add(int64(len(spans)))
	} else {
		e.counts.lost.Add(int64(len(spans)))
	}
	return err
}

// warnOnce tells the first failure to export; the counters tell the rest.
func warnOnce() otel.ErrorHandler {
	var once sync.Once
	return otel.ErrorHandlerFunc(func(err error) {
		once.Do(func() { fmt.Fprintf(os.Stderr, "telemetry: %v\n", err) })
	})
}

// register exposes the fate of this process's spans.
func (t *telemetry) register(registry *prometheus.Registry) {
	counter := func(name, help string, labels prometheus.Labels, read func() int64) {
		registry.MustRegister(prometheus.NewCounterFunc(
			prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels},
			func() float64 { return float64(read()) },
		))
	}
	counter("otel_spans_started_total", "Spans started and recorded.", nil, t.counts.started.Load)
	counter("otel_spans_exported_total", "Spans that the collector took.", nil, t.counts.exported.Load)
	counter("otel_spans_lost_total", "Spans recorded that never reached the collector.",
		prometheus.Labels{"reason": "export_failed"}, t.counts.lost.Load)
	registry.MustRegister(prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Name: "otel_spans_waiting", Help: "Spans queued or being sent."},
		func() float64 {
			return float64(t.counts.started.Load() - t.counts.exported.Load() - t.counts.lost.Load())
		},
	))
}
