import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Histogram, Registry } from 'prom-client';
import { afterEach, describe, expect, test } from 'vitest';
import { generateRules } from '../../generate/index.ts';
import { loadSloFiles, type Slo } from '../../slo/index.ts';
import { connectionOf } from '../prometheus/connection.ts';
import { objectiveFor } from './objectives.ts';
import { observeMetrics } from './observe-metrics.ts';
import { servicesOf } from './services.ts';
import { sloFile } from './write-slos.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(text: string, type = 'text/plain; version=0.0.4'): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', type);
    response.end(text);
  });
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

/** The objectives that `init` writes for a metrics page, read back; their rules are generated too. */
async function written(text: string, type?: string): Promise<readonly Slo[]> {
  const connection = connectionOf({ url: await serve(text, type) }, {});
  const observed = await observeMetrics(connection, new AbortController().signal);
  const files = servicesOf(observed, undefined).map(service => ({
    file: `${service.name}.yaml`,
    text: sloFile(service, observed.from),
  }));
  const { slos, warnings } = loadSloFiles(files);
  expect(warnings).toEqual([]);
  expect(generateRules({ slos })).toContain('slo:burn_rate:5m');
  return slos;
}

const shown = (slos: readonly Slo[]) =>
  slos.map(({ service, name, objective, sli }) => [`${service}/${name}`, objective, sli]);

describe('init', () => {
  test('knows what prom-client exports for the demo’s gateway', async () => {
    const registers = [new Registry()];
    const labelNames = ['endpoint', 'method', 'status'];
    const requests = new Counter({ name: 'service_a_requests_total', help: 'h', labelNames, registers });
    const calls = new Counter({
      name: 'service_a_dependency_calls_total',
      help: 'h',
      labelNames: ['dependency', 'endpoint', 'status'],
      registers,
    });
    const duration = new Histogram({
      name: 'service_a_request_duration_seconds',
      help: 'h',
      labelNames,
      registers,
      buckets: [0.05, 0.25, 1],
    });
    const work = { endpoint: '/work', method: 'GET' };
    for (let i = 0; i < 1000; i++) {
      const labels = { ...work, status: i < 4 ? 'error' : 'success' };
      requests.inc(labels);
      duration.observe(labels, i % 2 === 0 ? 0.01 : 0.1);
    }
    new Counter({ name: 'faults_injected_total', help: 'h', registers }).inc(3);
    requests.inc({ ...work, endpoint: '/healthz', status: 'success' }, 5000);
    calls.inc({ dependency: 'service_b', endpoint: '/compute', status: 'timeout' }, 100);
    expect(shown(await written(await registers[0]!.metrics()))).toMatchObject([
      [
        'service_a/availability',
        0.99,
        {
          kind: 'ratio',
          counts: 'bad',
          events: 'service_a_requests_total{endpoint!~"/healthz", status="error"}',
          total: 'service_a_requests_total{endpoint!~"/healthz"}',
        },
      ],
      ['service_a/latency', 0.99, { total: 'service_a_request_duration_seconds_count' }],
    ]);
  });

  test('knows the names of Go’s client: codes, and what has not failed yet', async () => {
    const text = `# TYPE http_requests_total counter
http_requests_total{code="200",handler="/orders",method="get"} 99990
http_requests_total{code="404",handler="/orders",method="get"} 10
promhttp_metric_handler_requests_total{code="500"} 7
go_gc_cycles_total_gc_cycles_total 5
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{handler="/orders",le="0.1"} 90000
http_request_duration_seconds_bucket{handler="/orders",le="0.5"} 99999
http_request_duration_seconds_bucket{handler="/orders",le="+Inf"} 100000
http_request_duration_seconds_sum{handler="/orders"} 1
http_request_duration_seconds_count{handler="/orders"} 100000
`;
    const [availability, latency, ...others] = await written(text);
    expect(others).toEqual([]);
    // A 404 is the client's; no 5xx has a series yet, so the good ones are counted.
    expect(availability).toMatchObject({
      service: 'my-service',
      objective: 0.999,
      sli: { counts: 'good', events: 'http_requests_total{code!~"5.."}', total: 'http_requests_total' },
    });
    expect(latency).toMatchObject({
      objective: 0.999,
      description: '99.9 % of the events are answered within 500 ms.',
    });
  });

  test('counts gRPC codes, and a histogram’s count where there is no counter', async () => {
    const [availability] = await written(`grpc_server_handled_total{grpc_code="OK"} 90
grpc_server_handled_total{grpc_code="NotFound"} 5
grpc_server_handled_total{grpc_code="Internal"} 3
grpc_server_handled_total{grpc_code="Unavailable"} 2
`);
    expect(availability).toMatchObject({
      objective: 0.95,
      sli: { counts: 'bad', events: 'grpc_server_handled_total{grpc_code=~"Internal|Unavailable"}' },
    });
    const [first] = await written(`shop_call_duration_seconds_bucket{status="ok",le="1"} 0
shop_call_duration_seconds_bucket{status="ok",le="+Inf"} 0
shop_call_duration_seconds_count{status="ok"} 0
`);
    expect(first).toMatchObject({ objective: 0.99, sli: { total: 'shop_call_duration_seconds_count' } });
  });

  test('leaves a program’s inner workings alone, and knows no more than all', async () => {
    const rows = (total: number, le?: string) => [{ labels: { job: 'p', ...(le && { le }) }, total }];
    const metrics = ['prometheus_rule_evaluation_duration_seconds', 'http_request_duration_seconds'].flatMap(
      stem => [
        { name: `${stem}_bucket`, rows: rows(100.04, '1') },
        { name: `${stem}_count`, rows: rows(100) },
      ],
    );
    const [service] = servicesOf({ metrics, from: 'x', seconds: 1 }, undefined);
    expect(service!.proposals.map(({ metric, seen }) => [metric, seen])).toEqual([
      ['http_request_duration_seconds_bucket', '100 % of 100 took no more than 1000 ms'],
    ]);
  });

  test('finds nothing where nothing tells failures', async () => {
    const observed = {
      metrics: [{ name: 'jobs_total', rows: [{ labels: {}, total: 1 }] }],
      from: 'x',
      seconds: 1,
    };
    expect(servicesOf(observed, undefined)).toEqual([]);
  });

  test.each([
    [100, 100, 0.999],
    [9996, 10_000, 0.999],
    [9990, 10_000, 0.995],
    [996, 1000, 0.99],
    [50, 100, 0.95],
    [0, 0, 0.99],
  ])(
    '%d good of %d give an objective of %d: half the budget would have been left',
    (good, all, objective) => {
      expect(objectiveFor(good, all)).toBe(objective);
    },
  );
});
