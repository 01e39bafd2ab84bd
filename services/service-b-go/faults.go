package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"sync"
	"time"
)

const (
	defaultSeed     = "slo-guard"
	faultID         = "failmode"
	maxLeaseSeconds = 7200
	maxLatencyMs    = 60_000
)

// failmodes says what each mode does to a request.
var failmodes = map[string]struct{ fails, delays bool }{
	"none":    {},
	"error":   {fails: true},
	"latency": {delays: true},
	"mixed":   {fails: true, delays: true},
}

// setting is a mode described whole.
type setting struct {
	Mode         string  `json:"mode"`
	ErrorRate    float64 `json:"error_rate"`
	LatencyMs    float64 `json:"latency_ms"`
	LeaseSeconds float64 `json:"lease_seconds"`
}

// What a request does not give.
func defaultSetting(mode string) setting {
	return setting{Mode: mode, ErrorRate: 1, LatencyMs: 300, LeaseSeconds: 600}
}

// state is the answer of both admin routes; EndsAt is RFC 3339, nil when no fault is active.
type state struct {
	setting
	EndsAt *string `json:"ends_at"`
}

// injection is what to do to one request.
type injection struct {
	delay time.Duration
	fail  bool
}

// fault decides for each request, and falls back to `none` when its lease ends, even when nobody comes back.
type fault struct {
	mu       sync.Mutex
	seed     string
	now      func() time.Time
	current  setting
	endsAt   time.Time
	timer    *time.Timer
	ordinal  uint64
	onExpiry func(setting)
}

func newFault(seed string, onExpiry func(setting)) *fault {
	return &fault{seed: seed, now: time.Now, current: defaultSetting("none"), onExpiry: onExpiry}
}

// chance is a number in [0, 1) that depends on nothing but its arguments: 48 bits of SHA-256, as in @slo-guard/faults.
func chance(seed, id string, ordinal uint64) float64 {
	digest := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", seed, id, ordinal))
	return float64(binary.BigEndian.Uint64(digest[:8])>>16) / (1 << 48)
}

func (f *fault) state() state {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.expire()
	return f.view()
}

// set puts a mode in force and starts its count of requests anew. It gives what was before and what is now.
func (f *fault) set(next setting) (was, now state) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.expire()
	was = f.view()
	f.ordinal = 0
	f.current = next
	f.endsAt = time.Time{}
	f.stopTimer()
	if next.Mode != "none" {
		lease := time.Duration(next.LeaseSeconds * float64(time.Second))
		f.endsAt = f.now().Add(lease)
		f.timer = time.AfterFunc(lease, func() { f.state() })
	}
	return was, f.view()
}

func (f *fault) next() injection {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.expire()
	mode := failmodes[f.current.Mode]
	if f.current.Mode == "none" {
		return injection{}
	}
	made := injection{fail: mode.fails && chance(f.seed, faultID, f.ordinal) < f.current.ErrorRate}
	f.ordinal++
	if mode.delays {
		made.delay = time.Duration(f.current.LatencyMs * float64(time.Millisecond))
	}
	return made
}

// expire ends the lease by the clock: a timer may be late after the machine slept.
func (f *fault) expire() {
	if f.endsAt.IsZero() || f.now().Before(f.endsAt) {
		return
	}
	ended := f.current
	f.stopTimer()
	f.current = defaultSetting("none")
	f.endsAt = time.Time{}
	f.onExpiry(ended)
}

func (f *fault) stopTimer() {
	if f.timer != nil {
		f.timer.Stop()
		f.timer = nil
	}
}

func (f *fault) view() state {
	if f.endsAt.IsZero() {
		return state{setting: f.current}
	}
	text := f.endsAt.UTC().Format("2006-01-02T15:04:05.000Z")
	return state{setting: f.current, EndsAt: &text}
}
