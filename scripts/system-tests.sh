#!/usr/bin/env bash
# `npm run test:system`: what needs more than Node (a browser, shells, the real peers), installed first.
set -euo pipefail
cd "$(dirname "$0")/.."
missing=()
[ -x /usr/bin/chromium ] || missing+=(chromium)
for shell in bash zsh fish; do command -v "$shell" >/dev/null || missing+=("$shell"); done
# For the compose files: an engine, and what stand-in images are made of, since no registry is needed.
[ -x /usr/sbin/dockerd ] || missing+=(docker.io)
command -v debootstrap >/dev/null || missing+=(debootstrap)
[ -x /bin/busybox ] || missing+=(busybox-static)
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]}"
  sudo=$([ "$(id -u)" = 0 ] || echo sudo)
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq "${missing[@]}" >/dev/null
fi
# The real Prometheus, Alertmanager, Jaeger, Collector, Docker Compose and others, from the cache or built now.
node scripts/peers.ts
# Prometheus's own behaviour scripts are read where Go keeps the module.
PROMQL_REFERENCE_SCRIPTS="$(cd / && go list -m -f '{{.Dir}}' github.com/prometheus/prometheus@v0.316.0 2>/dev/null || true)/promql/promqltest/testdata"
if [ ! -d "$PROMQL_REFERENCE_SCRIPTS" ]; then
  PROMQL_REFERENCE_SCRIPTS="$(cd / && go mod download -json github.com/prometheus/prometheus@v0.316.0 | sed -n 's/^.*"Dir": "\(.*\)".*$/\1/p')/promql/promqltest/testdata"
fi
export PROMQL_REFERENCE_SCRIPTS
exec node scripts/run-tests.ts system "$@"
