import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../../scripts/peers/catalog.ts';

const folder = join(import.meta.dirname, '../../../services/service-b-go');

/** Builds service_b in Go, static and stripped, outside the checkout; Go's own cache makes a second time cheap. */
export function buildGoBackend(): string {
  const program = join(dirname(cacheFolder()), 'service-b-go');
  mkdirSync(dirname(program), { recursive: true });
  execFileSync('go', ['build', '-trimpath', '-ldflags=-s -w', '-o', program, '.'], {
    cwd: folder,
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return program;
}

/** What `gofmt` and `go vet` find fault with; empty when nothing. */
export function lintGoBackend(): string {
  const unformatted = execFileSync('go', ['run', 'cmd/gofmt', '-l', '.'], { cwd: folder, encoding: 'utf8' });
  execFileSync('go', ['vet', './...'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  return unformatted;
}
