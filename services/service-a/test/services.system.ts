/** The services as processes of their own, with a small OTLP collector beside them. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Agent, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { type ReceivedSpan, startCollector } from './otlp-collector.ts';
import { killAll, startService } from './process.ts';

const main = (service: string) => fileURLToPath(new URL(`../../${service}/src/main.ts`, import.meta.url));
const curl = async (...args: string[]) => (await promisify(execFile)('curl', ['-s', ...args])).stdout;

const closers: (() => void)[] = [];
afterEach(() => {
  killAll();
  for (const close of closers.splice(0)) close();
});

async function startPair(env: Record<string, string> = {}) {
  const collector = await startCollector();
  closers.push(collector.close);
  const telemetry = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env };
  const b = await startService(main('service-b'), telemetry);
  const a = await startService(main('service-a'), { SERVICE_B_URL: b.url, ...telemetry });
  return { a, b, collector };
}

async function timed(url: string) {
  const started = performance.now();
  const { statusCode, body } = await request(url);
  return {
    status: statusCode,
    body: (await body.json()) as { error?: string },
    ms: performance.now() - started,
  };
}

const setMode = (url: string, mode: object) =>
  curl('-X', 'POST', `${url}/admin/failmode`, '-d', JSON.stringify(mode));

describe('the two services', () => {
  it('are one trace: server of the gateway, its client, server of the backend', async () => {
    const { a, collector } = await startPair();
    expect((await timed(`${a.url}/work`)).status).toBe(200);
    await expect.poll(() => collector.spans.length, { timeout: 5000 }).toBe(3);
    const find = (service: string, kind: number) =>
      collector.spans.find(span => span.service === service && span.kind === kind) as ReceivedSpan;
    const [server, client, backend] = [find('service_a', 2), find('service_a', 3), find('service_b', 2)];
    expect([server.name, server.attributes['http.route'], server.parentSpanId]).toEqual([
      'GET /work',
      '/work',
      '',
    ]);
    expect(client.parentSpanId).toBe(server.spanId);
    expect([backend.name, backend.attributes['http.route']]).toEqual(['GET /compute', '/compute']);
    expect(backend.parentSpanId).toBe(client.spanId);
    expect(new Set(collector.spans.map(span => span.traceId)).size).toBe(1);

    const metrics = await curl('-H', 'Accept: application/openmetrics-text', `${a.url}/metrics`);
    expect(metrics).toContain(
      `status="success"} 1 # {trace_id="${server.traceId}",span_id="${server.spanId}"}`,
    );
    const logged = a.lines.map(line => JSON.parse(line)).find(line => line.path === '/work');
    expect(logged).toMatchObject({ trace_id: server.traceId, span_id: server.spanId, status: 200 });
  });

  it('fail and recover by the two commands of the article', async () => {
    const { a, b, collector } = await startPair();
    const failmode = `${b.url}/admin/failmode`;
    await curl(
      '-X',
      'POST',
      failmode,
      '-H',
      'Content-Type: application/json',
      '-d',
      '{"mode":"error","error_rate":1.0}',
    );
    expect((await timed(`${a.url}/work`)).status).toBe(502);
    expect(JSON.parse(await curl('-X', 'POST', failmode, '-d', '{"mode":"none"}'))).toMatchObject({
      mode: 'none',
    });
    expect((await timed(`${a.url}/work`)).status).toBe(200);
    await expect
      .poll(() => collector.spans.flatMap(span => span.events), { timeout: 5000 })
      .toContain('fault.injected');
  });

  it('take 300 ms as slow and 800 ms as failed', async () => {
    const { a, b } = await startPair();
    await setMode(b.url, { mode: 'latency', latency_ms: 300 });
    const slow = await timed(`${a.url}/work`);
    expect(slow.status).toBe(200);
    expect(slow.ms).toBeGreaterThan(290);
    await setMode(b.url, { mode: 'latency', latency_ms: 800 });
    const late = await timed(`${a.url}/work`);
    expect([late.status, late.body.error]).toEqual([504, 'backend_timeout']);
    expect(late.ms).toBeLessThan(750);
  });

  it('say 502 at once when the backend is gone, and work again when it is back', async () => {
    const { a, b } = await startPair();
    expect((await timed(`${a.url}/work`)).status).toBe(200);
    await b.stop();
    const gone = await timed(`${a.url}/work`);
    expect(gone.status).toBe(502);
    expect(gone.ms).toBeLessThan(600);
    await startService(main('service-b'), { PORT: String(b.port) });
    await expect.poll(async () => (await timed(`${a.url}/work`)).status).toBe(200);
  });
});

describe('the end of a service', () => {
  it('loses no request under load, sends its spans and exits 0 within five seconds', async () => {
    const { b, collector } = await startPair();
    await setMode(b.url, { mode: 'latency', latency_ms: 50 });
    const agent = new Agent({ connections: 20, pipelining: 1 });
    const outcomes: string[] = [];
    let stopping = false;
    let loading = true;
    const worker = async () => {
      while (loading) {
        try {
          const { statusCode, body } = await request(`${b.url}/compute`, { dispatcher: agent });
          await body.dump();
          outcomes.push(String(statusCode));
        } catch (error) {
          outcomes.push((error as NodeJS.ErrnoException).code ?? String(error));
          // Refused after it stopped is what a balancer expects; it goes elsewhere.
          if (stopping) return;
        }
      }
    };
    const workers = Array.from({ length: 20 }, worker);
    await expect.poll(() => outcomes.length, { timeout: 10_000 }).toBeGreaterThan(200);
    stopping = true;
    const { code, ms } = await b.stop();
    loading = false;
    await Promise.all(workers);
    await agent.close();
    expect([...new Set(outcomes)].sort()).toEqual(['200', 'ECONNREFUSED']);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5000);
    const answered = outcomes.filter(outcome => outcome === '200').length;
    expect(collector.spans.filter(span => span.name === 'GET /compute')).toHaveLength(answered);
  });

  it('does not wait for an injected minute', async () => {
    const { b } = await startPair();
    await setMode(b.url, { mode: 'latency', latency_ms: 60_000 });
    const answer = timed(`${b.url}/compute`);
    await expect.poll(() => curl(`${b.url}/metrics`)).toContain('kind="latency"} 1');
    const { code, ms } = await b.stop('SIGINT');
    expect((await answer).status).toBe(200);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5000);
  });
});

describe('a service in a bad place', () => {
  it('serves on without a collector, and counts what is lost', async () => {
    const b = await startService(main('service-b'), {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
    });
    for (let i = 0; i < 5; i += 1) expect((await timed(`${b.url}/compute`)).status).toBe(200);
    const metrics = () => curl(`${b.url}/metrics`);
    await expect
      .poll(metrics, { timeout: 5000 })
      .toContain('otel_spans_lost_total{reason="export_failed"} 5');
    expect(
      b
        .stderr()
        .split('\n')
        .filter(line => line.includes('did not take them')),
    ).toHaveLength(1);
    expect((await b.stop()).code).toBe(0);
  });

  it.each(['service-a', 'service-b', 'webhook-receiver'])(
    '%s says in one line that its port is in use',
    async service => {
      const holder = createServer();
      await new Promise<void>(resolve => holder.listen(0, '127.0.0.1', resolve));
      closers.push(() => holder.close());
      const { port } = holder.address() as { port: number };
      const failure = await startService(main(service), { PORT: String(port) }).catch(String);
      expect(failure).toContain(`exit 2: port ${port} on 127.0.0.1 is in use`);
      expect(String(failure).trim().split('\n')).toHaveLength(1);
    },
  );

  it('ends with one line when telemetry is configured wrongly', async () => {
    const failure = await startService(main('service-a'), { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }).catch(
      String,
    );
    expect(failure).toContain('exit 2: service_a: OTEL_EXPORTER_OTLP_PROTOCOL=http/json is not supported');
  });
});
