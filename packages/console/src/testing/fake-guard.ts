import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { burnAnswer, type Scenario, TRACE_ID } from './fixtures.ts';

/** A stand-in for the guard: serves the built console under its policy, and answers of a scenario. */
export interface FakeGuard {
  address: string;
  /** What it answers from now on: a scenario, a broken API (503 on each call), or nothing in time. */
  become: (next: ((now: number) => Scenario) | 'failing' | 'hanging') => void;
  /** Paths asked for that have neither a page, a file nor an answer. */
  unknown: string[];
  close: () => Promise<void>;
}

/** The policy that the guard serves the console with. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Serves `dist` on a free port of loopback. */
export async function startFakeGuard(dist: string, first: (now: number) => Scenario): Promise<FakeGuard> {
  let current: ((now: number) => Scenario) | 'failing' | 'hanging' = first;
  const unknown: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://guard');
    if (!url.pathname.startsWith('/api/')) {
      void serveFile(dist, url.pathname, response);
    } else if (current === 'failing') {
      sendJson(response, 503, { error: { code: 'shutting-down', message: 'The guard is shutting down' } });
    } else if (current !== 'hanging') {
      const answer = answerOf(current(Date.now()), url);
      if (answer === undefined) unknown.push(url.pathname);
      if (answer === undefined)
        sendJson(response, 404, { error: { code: 'not-found', message: 'No such thing' } });
      else sendJson(response, 200, answer);
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    become: next => {
      current = next;
    },
    unknown,
    close: () => closeServer(server),
  };
}

function answerOf(scenario: Scenario, url: URL): unknown {
  const [, resource, first, second, third] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  switch (resource) {
    case 'meta':
      return scenario.meta;
    case 'alerts':
      if (first === undefined) return { alerts: scenario.alerts };
      return first === scenario.history.fingerprint && second === 'history' ? scenario.history : undefined;
    case 'notifications':
      return { notifications: scenario.notifications };
    case 'traces':
      if (first === undefined) return { traces: scenario.traces };
      return first === TRACE_ID ? { traceId: first, spans: scenario.spans } : undefined;
    case 'slos': {
      if (first === undefined) return { slos: scenario.slos };
      const slo = scenario.slos.find(candidate => candidate.service === first && candidate.slo === second);
      if (!slo || third !== 'burn') return undefined;
      const windows = (url.searchParams.get('windows') ?? '').split(',');
      return burnAnswer(scenario, slo, windows, Number(url.searchParams.get('minutes')));
    }
    default:
      return undefined;
  }
}

/** Files by name; every other path is a page of the console, which sorts out its own addresses. */
async function serveFile(dist: string, path: string, response: ServerResponse): Promise<void> {
  const name = extname(path) ? normalize(path) : '/index.html';
  try {
    const body = await readFile(join(dist, name));
    response.writeHead(200, {
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise(resolve => server.close(() => resolve()));
}
