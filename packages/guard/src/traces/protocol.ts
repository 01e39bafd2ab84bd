import type { Milliseconds } from '../core/index.ts';
import type { OperationName, TraceQuery, TraceSummary } from './model.ts';
import type { RawTrace, SpanBatch } from './rows.ts';
import type { RetentionBounds } from './span-retention.ts';

/** What the worker does: the arguments of each call and what it answers. */
export interface WorkerCalls {
  write: { argument: { batch: SpanBatch; now: Milliseconds }; answer: { added: number } };
  services: { argument: null; answer: string[] };
  operations: { argument: { service: string; kind: number | undefined }; answer: OperationName[] };
  search: { argument: TraceQuery; answer: RawTrace[] };
  trace: { argument: string; answer: RawTrace | undefined };
  recent: { argument: number; answer: TraceSummary[] };
  retain: { argument: RetentionBounds; answer: { byAge: number; byCount: number } };
  statistics: {
    argument: null;
    answer: { spans: number; traces: number; fileBytes: number; workerHeapBytes: number };
  };
  close: { argument: null; answer: null };
}
export type CallName = keyof WorkerCalls;

export type WorkerRequest = {
  [N in CallName]: { readonly id: number; readonly name: N; readonly argument: WorkerCalls[N]['argument'] };
}[CallName];

/** An error on its way between threads; `code` for a UserError. */
export interface SentError {
  readonly code: string | undefined;
  readonly message: string;
}

export type WorkerMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'failed-to-open'; readonly error: SentError }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: SentError }
  | {
      readonly type: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly fields: object;
      readonly message: string;
    };

export interface WorkerData {
  readonly file: string;
  /** The opener's clock, for naming a damaged file. */
  readonly now: Milliseconds;
}
