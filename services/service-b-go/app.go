package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

type appOptions struct {
	logger    *slog.Logger
	guard     adminGuard
	seed      string
	telemetry *telemetry
}

// app is the backend: `/compute`, which can be made to fail on purpose, and `/healthz`, `/metrics`, `/admin/*`.
type app struct {
	appOptions
	metrics *metrics
	fault   *fault
	// Closed when the service stops, so that an injected minute does not hold up the end.
	stopping  context.Context
	stopWaits context.CancelFunc
	// Answers then carry `Connection: close`.
	closing atomic.Bool
}

func newApp(options appOptions) *app {
	made := &app{appOptions: options, metrics: newMetrics()}
	made.stopping, made.stopWaits = context.WithCancel(context.Background())
	options.telemetry.register(made.metrics.registry)
	made.fault = newFault(options.seed, func(ended setting) {
		options.logger.Info("fault ended by its lease", "audit", true, "was", ended)
	})
	return made
}

// route is a method and a path; a HEAD or a path with a slash behind it is none.
type route struct{ method, path string }

func (a *app) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a.closing.Load() {
		w.Header().Set("connection", "close")
	}
	switch (route{r.Method, r.URL.Path}) {
	case route{http.MethodGet, "/healthz"}:
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok"})
	case route{http.MethodGet, "/metrics"}:
		a.metrics.handler().ServeHTTP(w, r)
	case route{http.MethodGet, endpoint}:
		a.compute(w, r)
	case route{http.MethodGet, "/admin/state"}:
		a.admin(w, r, func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, http.StatusOK, a.fault.state()) })
	case route{http.MethodPost, "/admin/failmode"}:
		a.admin(w, r, a.setFailmode)
	default:
		writeJSON(w, http.StatusNotFound, refusal{"not_found", "no route " + r.Method + " " + r.URL.RequestURI()})
	}
}

// compute is traced, faulted, counted and logged.
func (a *app) compute(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	ctx := a.telemetry.propagator.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := a.telemetry.tracer.Start(ctx, "GET "+endpoint,
		trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(
			attribute.String("http.request.method", r.Method),
			attribute.String("http.route", endpoint),
			attribute.String("url.path", r.URL.Path),
			attribute.String("url.scheme", "http"),
		),
	)
	defer span.End()
	status := a.answer(ctx, w, span)
	elapsed := time.Since(started)
	span.SetAttributes(attribute.Int("http.response.status_code", status))
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
	a.metrics.observe(span.SpanContext(), status < http.StatusInternalServerError, elapsed.Seconds())
	withTrace(a.logger, span.SpanContext()).Info("request",
		"method", r.Method, "path", r.URL.RequestURI(), "status", status, "duration_ms", milliseconds(elapsed))
}

func (a *app) answer(ctx context.Context, w http.ResponseWriter, span trace.Span) int {
	made := a.fault.next()
	if made.delay > 0 {
		a.record(span, "latency", attribute.Float64("fault.latency_ms", milliseconds(made.delay)))
		timer := time.NewTimer(made.delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-a.stopping.Done():
		case <-ctx.Done():
		}
	}
	if made.fail {
		a.record(span, "error")
		writeJSON(w, http.StatusInternalServerError,
			refusal{"injected_error", "this failure was injected on purpose"})
		return http.StatusInternalServerError
	}
	writeJSON(w, http.StatusOK, struct {
		Service string `json:"service"`
		Result  int    `json:"result"`
	}{serviceName, sumOfSquares(1000)})
	return http.StatusOK
}

func (a *app) record(span trace.Span, kind string, details ...attribute.KeyValue) {
	a.metrics.injections.WithLabelValues(endpoint, kind).Inc()
	facts := append([]attribute.KeyValue{
		attribute.String("fault.id", faultID), attribute.String("fault.kind", kind),
	}, details...)
	span.AddEvent("fault.injected", trace.WithAttributes(facts...))
	withTrace(a.logger, span.SpanContext()).Debug("fault injected", "fault", faultID, "kind", kind)
}

// sumOfSquares stands for work.
func sumOfSquares(n int) int {
	sum := 0
	for i := 1; i <= n; i++ {
		sum += i * i
	}
	return sum
}

func (a *app) admin(w http.ResponseWriter, r *http.Request, next http.HandlerFunc) {
	if status, why := a.guard.check(r); status != 0 {
		a.logger.Warn("admin call refused",
			"audit", true, "status", status, "error", why.Error, "message", why.Message, "remote", r.RemoteAddr)
		if status == http.StatusUnauthorized {
			w.Header().Set("www-authenticate", "Bearer")
		}
		writeJSON(w, status, why)
		return
	}
	next(w, r)
}

func (a *app) setFailmode(w http.ResponseWriter, r *http.Request) {
	wanted, err := readSetting(r.Body)
	switch {
	case errors.Is(err, errTooLarge):
		writeJSON(w, http.StatusRequestEntityTooLarge, refusal{"FST_ERR_CTP_BODY_TOO_LARGE", err.Error()})
	case err != nil:
		writeJSON(w, http.StatusBadRequest, refusal{"bad_request", err.Error()})
	default:
		was, now := a.fault.set(wanted)
		a.logger.Info("fault changed", "audit", true, "was", was, "now", now, "remote", r.RemoteAddr)
		writeJSON(w, http.StatusOK, now)
	}
}
