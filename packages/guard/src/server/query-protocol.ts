import type { Milliseconds } from '../core/index.ts';

/** What a query worker is asked. Selectors and expressions are PromQL texts; instants are Unix milliseconds; a limit of 0 is none. */
export type QueryRequest =
  | {
      readonly kind: 'instant';
      readonly limit: number;
      readonly expr: string;
      readonly at: Milliseconds;
      readonly lookbackDelta?: Milliseconds;
    }
  | {
      readonly kind: 'range';
      readonly limit: number;
      readonly expr: string;
      readonly start: Milliseconds;
      readonly end: Milliseconds;
      readonly step: Milliseconds;
      readonly lookbackDelta?: Milliseconds;
    }
  | ({ readonly kind: 'series' } & SeriesQuestion)
  | ({ readonly kind: 'labels' } & SeriesQuestion)
  | ({ readonly kind: 'label-values'; readonly name: string } & SeriesQuestion)
  /** What there is how often; `limit` is the length of its lists. */
  | { readonly kind: 'cardinality'; readonly limit: number; readonly head: HeadFigures };

/** Figures of the store that its readers on other threads do not have. */
export interface HeadFigures {
  readonly chunkCount: number;
  /** Unix milliseconds; 0 without samples. */
  readonly minTime: Milliseconds;
  readonly maxTime: Milliseconds;
}

/** Which series are meant. */
export interface SeriesQuestion {
  /** Selectors such as `up{job="x"}`; none means all series. */
  readonly matches: readonly string[];
  readonly start: Milliseconds;
  readonly end: Milliseconds;
  /** Results at most. */
  readonly limit: number;
}

/** Prometheus's error types; each has its HTTP status in the API's table. */
export type QueryErrorType = 'bad_data' | 'execution' | 'timeout' | 'canceled' | 'internal';

export type QueryAnswer =
  /** `body` is the whole JSON answer of the HTTP API, made in the worker. */
  | { readonly ok: true; readonly body: Uint8Array }
  | { readonly ok: false; readonly type: QueryErrorType; readonly message: string };

/** To the worker. `stop` is shared: a non-zero first word asks the query to end. */
export interface QueryMessage {
  readonly id: number;
  readonly request: QueryRequest;
  readonly timeout: Milliseconds;
  readonly stop: Int32Array;
}

/** From the worker. */
export interface AnswerMessage {
  readonly id: number;
  readonly answer: QueryAnswer;
}
