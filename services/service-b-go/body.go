package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"sort"
	"strings"
)

// An admin body is a few fields; anything larger is 413.
const adminBodyLimit = 16_384

var errTooLarge = errors.New("Request body is too large")

// readSetting reads a body whatever its content type says, and refuses it whole with a reason for each field.
func readSetting(body io.Reader) (setting, error) {
	text, err := io.ReadAll(io.LimitReader(body, adminBodyLimit+1))
	if err != nil {
		return setting{}, err
	}
	if len(text) > adminBodyLimit {
		return setting{}, errTooLarge
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return setting{}, errors.New("a JSON object is needed as body")
	}
	var whole any
	if err := json.Unmarshal(text, &whole); err != nil {
		var numeric *json.UnmarshalTypeError
		if !errors.As(err, &numeric) {
			return setting{}, fmt.Errorf("the body is not JSON: %w", err)
		}
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(text, &fields) != nil || fields == nil {
		return setting{}, fmt.Errorf("Invalid input: expected object, received %s", kindOf(text))
	}
	if _, hidden := fields["__proto__"]; hidden {
		return setting{}, errors.New(`unknown field "__proto__"`)
	}
	return settingOf(fields)
}

func settingOf(fields map[string]json.RawMessage) (setting, error) {
	var reasons []string
	refuse := func(format string, values ...any) { reasons = append(reasons, fmt.Sprintf(format, values...)) }

	made := defaultSetting("")
	if json.Unmarshal(fields["mode"], &made.Mode) != nil {
		made.Mode = ""
	}
	if _, known := failmodes[made.Mode]; !known {
		refuse(`mode: Invalid option: expected one of "none"|"error"|"latency"|"mixed"`)
	}
	numbers := []struct {
		name     string
		to       *float64
		min, max float64
		openMin  bool
	}{
		{"error_rate", &made.ErrorRate, 0, 1, false},
		{"latency_ms", &made.LatencyMs, 0, maxLatencyMs, false},
		{"lease_seconds", &made.LeaseSeconds, 0, maxLeaseSeconds, true},
	}
	known := map[string]bool{"mode": true}
	for _, number := range numbers {
		known[number.name] = true
		raw, given := fields[number.name]
		if !given {
			continue
		}
		var value *float64
		switch err := json.Unmarshal(raw, &value); {
		case err != nil || value == nil || math.IsInf(*value, 0):
			refuse("%s: Invalid input: expected number, received %s", number.name, kindOf(raw))
		case *value > number.max:
			refuse("%s: Too big: expected number to be <=%v", number.name, number.max)
		case *value < number.min || number.openMin && *value == number.min:
			refuse("%s: Too small: expected number to be %s%v", number.name, comparison(number.openMin), number.min)
		default:
			*number.to = *value
		}
	}
	var unknown []string
	for name := range fields {
		if !known[name] {
			unknown = append(unknown, fmt.Sprintf("%q", name))
		}
	}
	if len(unknown) > 0 {
		sort.Strings(unknown)
		key := "key"
		if len(unknown) > 1 {
			key = "keys"
		}
		refuse("Unrecognized %s: %s", key, strings.Join(unknown, ", "))
	}
	if len(reasons) > 0 {
		return setting{}, errors.New(strings.Join(reasons, "; "))
	}
	return made, nil
}

// kindOf names what a JSON text holds, as the other implementation's messages do.
func kindOf(raw []byte) string {
	switch bytes.TrimSpace(raw)[0] {
	case '[':
		return "array"
	case '{':
		return "object"
	case '"':
		return "string"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	var value float64
	if json.Unmarshal(raw, &value) != nil {
		return "Infinity"
	}
	return "number"
}

func comparison(open bool) string {
	if open {
		return ">"
	}
	return ">="
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("content-type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	w.Write(text)
}

// refusal is how every error is answered.
type refusal struct {
	Error   string `json:"error"`
	Message string `json:"message"`
}
