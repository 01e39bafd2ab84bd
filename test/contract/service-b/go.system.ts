import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { startCollector } from '../../../services/service-a/test/otlp-collector.ts';
import { killAll, startProgram, startService } from '../../../services/service-a/test/process.ts';
import { buildGoBackend, lintGoBackend } from './go.ts';
import { describeBackend } from './suite.ts';

const program = buildGoBackend();
const gateway = fileURLToPath(new URL('../../../services/service-a/src/main.ts', import.meta.url));
const start = (env: Record<string, string> = {}) => startProgram(program, [], env);

afterAll(killAll);

describeBackend('Go', start);

describe('service_b in Go', () => {
  it('is formatted, vetted, and small enough for an image of under 20 MB', () => {
    expect(lintGoBackend()).toBe('');
    expect(statSync(program).size).toBeLessThan(20_000_000);
  });

  it('joins the trace that the gateway in TypeScript began', async () => {
    const collector = await startCollector();
    try {
      const telemetry = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
      const backend = await start(telemetry);
      const front = await startService(gateway, { SERVICE_B_URL: backend.url, ...telemetry });
      expect((await fetch(`${front.url}/work`)).status).toBe(200);
      await expect.poll(() => collector.spans.length, { timeout: 15_000 }).toBe(3);
      const client = collector.spans.find(({ service, kind }) => service === 'service_a' && kind === 3)!;
      const server = collector.spans.find(({ service }) => service === 'service_b')!;
      expect(server).toMatchObject({
        traceId: client.traceId,
        parentSpanId: client.spanId,
        name: 'GET /compute',
        kind: 2,
      });
      expect(server.attributes['http.route']).toBe('/compute');
      const line = backend.lines.map(text => JSON.parse(text)).find(({ path }) => path === '/compute');
      expect(line).toMatchObject({ trace_id: server.traceId, span_id: server.spanId });
      const exposition = await fetch(`${backend.url}/metrics`, {
        headers: { accept: 'application/openmetrics-text; version=1.0.0' },
      });
      expect(await exposition.text()).toContain(`"${server.traceId}"`);
      await front.stop();
      await backend.stop();
    } finally {
      collector.close();
    }
  });
});
