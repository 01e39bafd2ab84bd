package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
)

// adminGuard keeps browsers of other sites, rebound names and strangers from the admin routes, before the body is read.
type adminGuard struct {
	// The address that the service binds to.
	host string
	// Needed in `Authorization: Bearer …` when the bind is not loopback.
	token string
	// Needs no token anywhere: for a container whose port is published on loopback alone.
	open bool
}

func adminGuardFromEnv(host string) (adminGuard, error) {
	auth := envOr("SLO_GUARD_ADMIN_AUTH", "on")
	if auth != "on" && auth != "off" {
		return adminGuard{}, fmt.Errorf("SLO_GUARD_ADMIN_AUTH=%s is not supported; use on or off", auth)
	}
	return adminGuard{host: host, token: os.Getenv("SLO_GUARD_ADMIN_TOKEN"), open: auth == "off"}, nil
}

func isLoopback(host string) bool {
	name := strings.Trim(strings.ToLower(host), "[]")
	if name == "localhost" || name == "::1" {
		return true
	}
	ip := net.ParseIP(name)
	return ip != nil && ip.To4() != nil && !strings.Contains(name, ":") && ip.IsLoopback()
}

var portSuffix = regexp.MustCompile(`:\d+$`)

// check gives the status and the reason of a refusal, or 0.
func (g adminGuard) check(r *http.Request) (int, refusal) {
	if isLoopback(g.host) {
		if name := portSuffix.ReplaceAllString(r.Host, ""); !isLoopback(name) {
			if name == "" {
				name = "(none)"
			}
			return http.StatusForbidden, refusal{"host_not_allowed", "Host " + name + " is not this service"}
		}
	}
	if status, why := checkOrigin(r); status != 0 {
		return status, why
	}
	return g.checkToken(r.Header.Get("Authorization"))
}

func checkOrigin(r *http.Request) (int, refusal) {
	if origins, given := r.Header["Origin"]; given {
		origin := strings.Join(origins, ", ")
		if origin != "http://"+r.Host && origin != "https://"+r.Host {
			return http.StatusForbidden, refusal{"foreign_origin", "requests from origin " + origin + " are refused"}
		}
	}
	if sites, given := r.Header["Sec-Fetch-Site"]; given {
		if site := strings.Join(sites, ", "); site != "same-origin" && site != "none" {
			return http.StatusForbidden,
				refusal{"foreign_site", "requests with Sec-Fetch-Site " + site + " are refused"}
		}
	}
	return 0, refusal{}
}

func (g adminGuard) checkToken(header string) (int, refusal) {
	if isLoopback(g.host) || g.open {
		return 0, refusal{}
	}
	if g.token == "" {
		return http.StatusUnauthorized, refusal{"no_token_configured",
			"admin calls are closed: the service does not bind to loopback and has no SLO_GUARD_ADMIN_TOKEN " +
				"(SLO_GUARD_ADMIN_AUTH=off opens them where only loopback reaches the port)"}
	}
	given := ""
	if len(header) > 7 && strings.EqualFold(header[:7], "Bearer ") {
		given = header[7:]
	}
	// Digests, so that neither length nor prefix of the token shows in the time taken.
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(g.token))
	if subtle.ConstantTimeCompare(a[:], b[:]) == 1 {
		return 0, refusal{}
	}
	return http.StatusUnauthorized,
		refusal{"bad_token", "Authorization: Bearer <SLO_GUARD_ADMIN_TOKEN> is needed"}
}
