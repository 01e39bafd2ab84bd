import type { MatchOperator, Milliseconds } from '../core/index.ts';
import type { ApiErrorType } from './api-error.ts';
import type { EscapingScheme } from './name-escaping.ts';

/** What a query worker is asked. Selectors and expressions are PromQL texts; instants are Unix milliseconds; a limit of 0 is none. */
export type QueryRequest =
  | ({ readonly kind: 'instant'; readonly at: Milliseconds } & Evaluation)
  | ({
      readonly kind: 'range';
      readonly start: Milliseconds;
      readonly end: Milliseconds;
      readonly step: Milliseconds;
    } & Evaluation)
  | ({ readonly kind: 'series' } & SeriesQuestion)
  | ({ readonly kind: 'labels' } & SeriesQuestion)
  | ({ readonly kind: 'label-values'; readonly name: string } & SeriesQuestion)
  /** What there is how often; `limit` is the length of its lists. */
  | { readonly kind: 'cardinality'; readonly limit: number; readonly head: HeadFigures }
  | ({ readonly kind: 'federate' } & FederationQuestion)
  /** An expression as Prometheus prints it over several lines, and its tree. */
  | { readonly kind: 'format' | 'parse'; readonly expr: string }
  /** The matchers of texts that are selectors: `MatcherFields[][]` as JSON, for the thread that asks. */
  | { readonly kind: 'selectors'; readonly texts: readonly string[]; readonly prefix: string }
  /** The matchers of the selectors in an expression, likewise. */
  | { readonly kind: 'selectors-of'; readonly expr: string };

/** An expression to evaluate. */
export interface Evaluation {
  readonly expr: string;
  /** Series at most. */
  readonly limit: number;
  readonly lookbackDelta?: Milliseconds;
  /** What the request says of statistics; '' and undefined for none. */
  readonly stats?: string;
}

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

/** Newest samples for another server (`/federate`). */
export interface FederationQuestion {
  readonly matches: readonly string[];
  readonly start: Milliseconds;
  readonly end: Milliseconds;
  /** Sorted by name. */
  readonly externalLabels: ReadonlyArray<readonly [name: string, value: string]>;
  readonly escaping: EscapingScheme;
}

/** A matcher as it travels between threads. */
export type MatcherFields = readonly [name: string, operator: MatchOperator, value: string];

export interface QueryFailure {
  readonly ok: false;
  readonly type: ApiErrorType;
  readonly message: string;
}

/** To the worker: a query, or what becomes of an answer that is under way. */
export type WorkerOrder =
  | {
      readonly kind: 'query';
      readonly id: number;
      readonly request: QueryRequest;
      readonly timeout: Milliseconds;
      /** How long it has waited. */
      readonly queued: Milliseconds;
      /** The step of subqueries that give none. */
      readonly evaluationInterval: Milliseconds;
    }
  | { readonly kind: 'more' | 'drop'; readonly id: number };

/** From the worker: a part of the answer's body, sent once it is asked for (the first without), or why there is none. */
export type WorkerNews =
  | { readonly id: number; readonly part: Uint8Array; readonly last: boolean }
  | { readonly id: number; readonly failure: QueryFailure };

/** The limits of one query, set once for all workers. */
export interface QueryLimits {
  readonly lookbackDelta: Milliseconds;
  readonly timeout: Milliseconds;
  readonly maxSamples: number;
  /** Whether statistics may tell of each step (`promql-per-step-stats`). */
  readonly perStepStats: boolean;
}

/** What a worker is started with. */
export interface WorkerSetup<Port> {
  /** Where it learns of the store's shared memory. */
  readonly storePort: Port;
  readonly limits: QueryLimits;
  /** Shared: the id of the query that is to end, at index 0. */
  readonly cancelled: Int32Array;
}
