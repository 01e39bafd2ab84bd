import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, getJson } from '../story/support.ts';
import { type AssembledStack, assemble } from './assemble.ts';

interface Tag {
  readonly key: string;
  readonly type: string;
  readonly value: unknown;
}

interface Span {
  readonly traceID: string;
  readonly spanID: string;
  readonly operationName: string;
  readonly references: readonly { refType: string; traceID: string; spanID: string }[];
  readonly startTime: number;
  readonly duration: number;
  readonly tags: readonly Tag[];
  readonly logs: readonly { timestamp: number; fields: readonly Tag[] }[];
  readonly processID: string;
}

interface Trace {
  readonly traceID: string;
  readonly spans: readonly Span[];
  readonly processes: Readonly<Record<string, { serviceName: string; tags: readonly Tag[] }>>;
}

const sorted = (tags: readonly Tag[]) =>
  tags.map(({ key, type, value }) => `${key} ${type} ${JSON.stringify(value)}`).sort();

/** A trace without the order of what has none. */
const facts = ({ traceID, spans, processes }: Trace) => ({
  traceID,
  spans: spans
    .map(span => ({
      span: span.spanID,
      operation: span.operationName,
      references: span.references,
      startTime: span.startTime,
      duration: span.duration,
      tags: sorted(span.tags),
      logs: span.logs.map(({ timestamp, fields }) => ({ timestamp, fields: sorted(fields) })),
      service: processes[span.processID]!.serviceName,
      process: sorted(processes[span.processID]!.tags),
    }))
    .sort((a, b) => a.span.localeCompare(b.span)),
});

/** The real Collector hands every span to the real Jaeger and to the guard; both are asked the same. */
describe('spans that went through the real Collector', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-collector-'));
  let stack: AssembledStack;
  let jaeger: string;
  let ours: string;
  let traceIds: string[];

  const ask = async <T>(path: string) => [
    await getJson<{ data: T }>(`${jaeger}${path}`),
    await getJson<{ data: T }>(`${ours}${path}`),
  ];

  beforeAll(async () => {
    stack = await assemble(
      {
        name: 'both trace stores',
        metrics: 'slo-guard',
        routing: 'slo-guard',
        collecting: 'Collector',
        traces: 'both',
      },
      folder,
    );
    jaeger = stack.url('jaeger');
    ours = stack.secondTraces;
    await fetch(stack.url('service_b', '/admin/failmode'), { method: 'POST', body: '{"mode":"none"}' });
    for (let i = 0; i < 5; i++) await (await fetch(stack.url('service_a', '/work'))).text();
    await fetch(stack.url('service_b', '/admin/failmode'), {
      method: 'POST',
      body: '{"mode":"mixed","latency_ms":20}',
    });
    for (let i = 0; i < 5; i++) await (await fetch(stack.url('service_a', '/work'))).text();
    traceIds = await eventually('ten traces in both', 60, async () => {
      const [theirs, own] = await ask<Trace[]>(
        '/api/traces?service=service_a&limit=100&operation=GET%20/work',
      );
      const whole = (traces: readonly Trace[]) =>
        traces.filter(({ spans }) => spans.length === 3).map(({ traceID }) => traceID);
      const [a, b] = [whole(theirs!.data), whole(own!.data)];
      return a.length === 10 && b.length === 10 ? a : undefined;
    });
  });
  afterAll(async () => {
    await stack?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are the same services and operations', async () => {
    for (const path of [
      '/api/services',
      '/api/services/service_a/operations',
      '/api/services/service_b/operations',
    ]) {
      const [theirs, own] = await ask<string[]>(path);
      expect(own!.data.toSorted(), path).toEqual(theirs!.data.toSorted());
    }
  });

  it('are the same traces, field for field', async () => {
    for (const id of traceIds) {
      const [theirs, own] = await ask<Trace[]>(`/api/traces/${id}`);
      expect(own!.data.map(facts)).toEqual(theirs!.data.map(facts));
    }
  });

  it.each([
    'service=service_b&limit=100&operation=GET%20/compute&minDuration=20ms',
    'service=service_b&limit=100&tags=%7B%22http.response.status_code%22%3A%22500%22%7D',
    'service=nobody&limit=5',
  ])('are found by %s alike', async parameters => {
    const [theirs, own] = await ask<Trace[]>(`/api/traces?${parameters}`);
    const ids = (traces: readonly Trace[] | null) => (traces ?? []).map(({ traceID }) => traceID).sort();
    expect(ids(own!.data)).toEqual(ids(theirs!.data));
  });

  it('differ in what docs/conformance.md says', async () => {
    // Jaeger's store in memory takes the traces that arrived last, the guard those that began last.
    const [theirs, own] = await ask<Trace[]>('/api/traces?service=service_a&limit=3');
    expect([theirs!.data.length, own!.data.length]).toEqual([3, 3]);
    // A failed span shows a tag error=true; Jaeger's store in memory does not find spans by it.
    const failed = await ask<Trace[]>(
      '/api/traces?service=service_b&limit=100&tags=%7B%22error%22%3A%22true%22%7D',
    );
    expect(failed.map(({ data }) => data.length)).toEqual([0, 5]);
  });

  it('are told alike by the API v3', async () => {
    const services = await Promise.all(
      [jaeger, ours].map(url => getJson<{ services: string[] }>(`${url}/api/v3/services`)),
    );
    expect(services[1]!.services.toSorted()).toEqual(services[0]!.services.toSorted());
    const [id] = traceIds;
    const spanIds = async (url: string) => {
      const { result } = await getJson<{
        result: { resourceSpans: { scopeSpans: { spans: { spanId: string; name: string }[] }[] }[] };
      }>(`${url}/api/v3/traces/${id}`);
      return result.resourceSpans
        .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
        .map(({ spanId, name }) => `${spanId} ${name}`)
        .sort();
    };
    expect(await spanIds(ours)).toEqual(await spanIds(jaeger));
  });
});
