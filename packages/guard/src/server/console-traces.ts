import {
  type Attribute,
  type ResourceSpans,
  type Span,
  STATUS_ERROR,
  serviceNameOf,
  spanKindName,
} from '../otlp/index.ts';
import { plainValue, type StoredTrace, type TraceSummary } from '../traces/index.ts';
import type {
  SpanAttributes,
  TraceAnswer,
  TraceSpan,
  TraceSummary as TraceSummaryAnswer,
} from './console-types.ts';

/** A trace as the console's page reads it. */
export const traceAnswer = ({ traceId, resourceSpans }: StoredTrace): TraceAnswer => ({
  traceId,
  spans: resourceSpans.flatMap(spansOf),
});

export const traceSummaryAnswer = ({ duration, services, ...rest }: TraceSummary): TraceSummaryAnswer => ({
  ...rest,
  services: [...services],
  durationMs: duration,
});

function spansOf({ resource, scopeSpans }: ResourceSpans): TraceSpan[] {
  const service = serviceNameOf(resource);
  return scopeSpans.flatMap(({ spans }) => spans.map(span => spanOf(service, span)));
}

const spanOf = (service: string, span: Span): TraceSpan => ({
  spanId: span.spanId,
  parentSpanId: span.parentSpanId === '' ? null : span.parentSpanId,
  service,
  operation: span.name,
  kind: spanKindName(span.kind),
  start: milliseconds(span.startTimeUnixNano),
  durationMs: milliseconds(span.endTimeUnixNano - span.startTimeUnixNano),
  error: span.status.code === STATUS_ERROR,
  attributes: attributesOf(span.attributes),
  events: span.events.map(({ name, timeUnixNano, attributes }) => ({
    name,
    at: milliseconds(timeUnixNano),
    attributes: attributesOf(attributes),
  })),
});

/** Nanoseconds as milliseconds with microsecond fractions: a double holds no more for instants of today. */
const milliseconds = (nanoseconds: bigint) => Number(nanoseconds / 1000n) / 1000;

function attributesOf(attributes: readonly Attribute[]): SpanAttributes {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const plain = plainValue(value);
      const isScalar = typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean';
      return [key, isScalar ? plain : JSON.stringify(plain)];
    }),
  );
}
