import type { Labels, Milliseconds } from '../../core/index.ts';
import type { SampleStatistics } from './statistics.ts';

export interface VectorSample {
  readonly labels: Labels;
  readonly timestamp: Milliseconds;
  readonly value: number;
}

/** One series of a matrix: as many timestamps as values, ascending. */
export interface MatrixSeries {
  readonly labels: Labels;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

/** The value of a query. A matrix is ordered by labels; a vector as its expression orders it. */
export type QueryValue =
  | { readonly type: 'vector'; readonly samples: readonly VectorSample[] }
  | { readonly type: 'scalar'; readonly timestamp: Milliseconds; readonly value: number }
  | { readonly type: 'string'; readonly timestamp: Milliseconds; readonly value: string }
  | { readonly type: 'matrix'; readonly series: readonly MatrixSeries[] };

/** A query's value and what Prometheus would remark on it. */
export type QueryResult = QueryValue & {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  readonly statistics?: SampleStatistics;
};
