package main

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/trace"
)

const endpoint = "/compute"

var (
	labelNames     = []string{"endpoint", "method", "status"}
	bucketsSeconds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}
)

// metrics are those of services/service-b, at 0 for every label combination from the start.
type metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.CounterVec
	duration   *prometheus.HistogramVec
	injections *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "service_b_requests_total",
			Help: "Requests answered.",
		}, labelNames),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "service_b_request_duration_seconds",
			Help:    "Time from the arrival of a request to its answer.",
			Buckets: bucketsSeconds,
		}, labelNames),
		injections: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fault_injections_total",
			Help: "Requests that were failed or delayed on purpose.",
		}, []string{"endpoint", "kind"}),
	}
	m.registry.MustRegister(m.requests, m.duration, m.injections)
	for _, status := range []string{"success", "error"} {
		m.requests.WithLabelValues(endpoint, http.MethodGet, status)
		m.duration.WithLabelValues(endpoint, http.MethodGet, status)
	}
	for _, kind := range []string{"error", "latency"} {
		m.injections.WithLabelValues(endpoint, kind)
	}
	return m
}

// observe counts an answered request, with its trace as exemplar where that is sampled.
func (m *metrics) observe(span trace.SpanContext, succeeded bool, seconds float64) {
	status := "error"
	if succeeded {
		status = "success"
	}
	counter := m.requests.WithLabelValues(endpoint, http.MethodGet, status)
	duration := m.duration.WithLabelValues(endpoint, http.MethodGet, status)
	if !span.IsSampled() || !span.IsValid() {
		counter.Inc()
		duration.Observe(seconds)
		return
	}
	exemplar := prometheus.Labels{"trace_id": span.TraceID().String(), "span_id": span.SpanID().String()}
	counter.(prometheus.ExemplarAdder).AddWithExemplar(1, exemplar)
	duration.(prometheus.ExemplarObserver).ObserveWithExemplar(seconds, exemplar)
}

// handler answers in text 0.0.4 or, where the Accept header prefers it, OpenMetrics 1.0 with exemplars.
func (m *metrics) handler() http.Handler {
	text := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	open := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("vary", "accept")
		asked := r.Clone(r.Context())
		// Identity: the other implementation compresses nothing.
		asked.Header.Del("Accept-Encoding")
		if prefersOpenMetrics(r.Header.Get("Accept")) {
			asked.Header.Set("Accept", "application/openmetrics-text;version=1.0.0")
			open.ServeHTTP(w, asked)
			return
		}
		asked.Header.Set("Accept", "text/plain;version=0.0.4")
		text.ServeHTTP(w, asked)
	})
}

// prefersOpenMetrics tells by the q values; equal goes to OpenMetrics.
func prefersOpenMetrics(accept string) bool {
	var open, plain float64
	for part := range strings.SplitSeq(accept, ",") {
		pieces := strings.Split(strings.ToLower(part), ";")
		kind, q, version := strings.TrimSpace(pieces[0]), 1.0, ""
		for _, parameter := range pieces[1:] {
			name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
			switch name {
			case "q":
				q, _ = strconv.ParseFloat(value, 64)
			case "version":
				version = value
			}
		}
		switch {
		case kind == "application/openmetrics-text" && (version == "" || version == "1.0.0"):
			open = max(open, q)
		case kind == "text/plain":
			plain = max(plain, q)
		}
	}
	return open > 0 && open >= plain
}
