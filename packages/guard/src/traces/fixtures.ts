import { createRng } from '../core/index.ts';
import type { Attribute, ResourceSpans, Span } from '../otlp/index.ts';

/** Spans for tests of this room. */

export const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
export const traceIdOf = (n: number) => hex(n + 1, 32);
export const spanIdOf = (n: number) => hex(n + 1, 16);

export const textAttribute = (key: string, value: string): Attribute => ({
  key,
  value: { type: 'string', value },
});

/** Instants and durations of spans in tests are given in microseconds. */
export interface SpanSketch {
  readonly trace: number;
  readonly id: number;
  readonly parent?: number;
  readonly name?: string;
  readonly kind?: number;
  readonly start?: number;
  readonly duration?: number;
  readonly error?: boolean;
  readonly attributes?: readonly Attribute[];
}

/** 2023-11-14, in microseconds. */
export const EPOCH = 1_700_000_000_000_000;

export function span(sketch: SpanSketch): Span {
  const start = BigInt(sketch.start ?? EPOCH);
  return {
    traceId: traceIdOf(sketch.trace),
    spanId: spanIdOf(sketch.id),
    parentSpanId: sketch.parent === undefined ? '' : spanIdOf(sketch.parent),
    traceState: '',
    flags: 0,
    name: sketch.name ?? 'op',
    kind: sketch.kind ?? 1,
    startTimeUnixNano: start * 1000n,
    endTimeUnixNano: (start + BigInt(sketch.duration ?? 1000)) * 1000n,
    attributes: sketch.attributes ?? [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: sketch.error ? 2 : 0, message: '' },
  };
}

export function ofService(
  service: string,
  spans: readonly Span[],
  more: readonly Attribute[] = [],
): ResourceSpans {
  return {
    resource: { attributes: [textAttribute('service.name', service), ...more], droppedAttributesCount: 0 },
    schemaUrl: '',
    scopeSpans: [
      {
        scope: { name: 'test', version: '1', attributes: [], droppedAttributesCount: 0 },
        schemaUrl: '',
        spans,
      },
    ],
  };
}

export interface RandomSpan extends SpanSketch {
  readonly service: string;
  readonly tag: string;
}

/** Spans of random traces over a few services, operations and tags; starts are all different. */
export function randomSpans(seed: number, count: number): RandomSpan[] {
  const rng = createRng(seed);
  return Array.from({ length: count }, (_, id) => ({
    trace: rng.integer(count / 4),
    id,
    name: `op${rng.integer(3)}`,
    kind: rng.integer(6),
    start: EPOCH + rng.integer(1000) * 10_000 + id,
    duration: rng.integer(2000),
    error: rng.integer(5) === 0,
    service: `service${rng.integer(3)}`,
    tag: `v${rng.integer(4)}`,
  }));
}

export const toResourceSpans = (spans: readonly RandomSpan[]): ResourceSpans[] =>
  spans.map(sketch =>
    ofService(sketch.service, [span({ ...sketch, attributes: [textAttribute('tag', sketch.tag)] })]),
  );
