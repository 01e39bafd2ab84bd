/** Metrics as OTLP 1.x carries them (opentelemetry-proto metrics.proto), in memory. */
import type { Attribute, Resource, Scope } from './model.ts';

/** A number as it was sent: `bigint` is a signed 64-bit integer, undefined where none was given. */
export type OtlpNumber = number | bigint | undefined;

export interface OtlpExemplar {
  readonly filteredAttributes: readonly Attribute[];
  /** Nanoseconds since the Unix epoch, 0 where not given, as in all that follows. */
  readonly timeUnixNano: bigint;
  readonly value: OtlpNumber;
  /** 16 lower-case hexadecimal digits; empty where not given. */
  readonly spanId: string;
  /** 32 lower-case hexadecimal digits; empty where not given. */
  readonly traceId: string;
}

interface DataPoint {
  readonly attributes: readonly Attribute[];
  readonly startTimeUnixNano: bigint;
  readonly timeUnixNano: bigint;
  readonly flags: number;
}

export interface NumberPoint extends DataPoint {
  readonly value: OtlpNumber;
  readonly exemplars: readonly OtlpExemplar[];
}

export interface HistogramPoint extends DataPoint {
  readonly count: bigint;
  readonly sum: number | undefined;
  /** One more than bounds, or none. */
  readonly bucketCounts: readonly bigint[];
  /** Upper bounds, inclusive. */
  readonly explicitBounds: readonly number[];
  readonly exemplars: readonly OtlpExemplar[];
}

export interface SummaryPoint extends DataPoint {
  readonly count: bigint;
  readonly sum: number;
  readonly quantileValues: ReadonlyArray<{ readonly quantile: number; readonly value: number }>;
}

/** Of an exponential histogram, as far as somebody who cannot store it looks. */
export interface ExponentialPoint {
  readonly timeUnixNano: bigint;
}

/** Values of `aggregation_temporality`. */
export const TEMPORALITY_CUMULATIVE = 2;

export type MetricData =
  | { readonly type: 'gauge'; readonly points: readonly NumberPoint[] }
  | {
      readonly type: 'sum';
      readonly points: readonly NumberPoint[];
      readonly temporality: number;
      readonly isMonotonic: boolean;
    }
  | { readonly type: 'histogram'; readonly points: readonly HistogramPoint[]; readonly temporality: number }
  | {
      readonly type: 'exponential-histogram';
      readonly points: readonly ExponentialPoint[];
      readonly temporality: number;
    }
  | { readonly type: 'summary'; readonly points: readonly SummaryPoint[] }
  /** Of a type that is not known, or of none. */
  | { readonly type: 'none'; readonly points: readonly never[] };

export interface Metric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly data: MetricData;
}

export interface ScopeMetrics {
  readonly scope: Scope;
  readonly schemaUrl: string;
  readonly metrics: readonly Metric[];
}

export interface ResourceMetrics {
  readonly resource: Resource;
  readonly schemaUrl: string;
  readonly scopeMetrics: readonly ScopeMetrics[];
}

const NO_RECORDED_VALUE = 1;

/** Whether a point says that its series has ended (`DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK`). */
export const hasNoRecordedValue = ({ flags }: DataPoint): boolean => (flags & NO_RECORDED_VALUE) !== 0;
