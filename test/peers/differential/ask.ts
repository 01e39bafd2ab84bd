import type { HttpClient } from '../support/http-client.ts';
import type { When } from './question.ts';

/** A query's answer, as Prometheus's HTTP API v1 gives it. */
export interface Answer {
  readonly status: 'success' | 'error';
  readonly errorType?: string;
  readonly error?: string;
  readonly data?: QueryData;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

export type Metric = Readonly<Record<string, string>>;
export type Point = readonly [seconds: number, value: string];

export type QueryData =
  | { readonly resultType: 'scalar' | 'string'; readonly result: Point }
  | {
      readonly resultType: 'vector';
      readonly result: ReadonlyArray<{ readonly metric: Metric; readonly value: Point }>;
    }
  | {
      readonly resultType: 'matrix';
      readonly result: ReadonlyArray<{ readonly metric: Metric; readonly values: readonly Point[] }>;
    };

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

/** @throws for an answer that is not the API's own */
export async function ask(client: HttpClient, query: string, when: When): Promise<Answer> {
  const { kind, lookback, ...times } = when;
  const params = new URLSearchParams({ query });
  for (const [name, value] of Object.entries(times)) params.set(name, String(value));
  if (lookback !== undefined) params.set('lookback_delta', lookback);
  const path = kind === 'instant' ? '/api/v1/query' : '/api/v1/query_range';
  const { status, body } = await client.post(path, params.toString(), FORM);
  try {
    return JSON.parse(body) as Answer;
  } catch {
    throw new Error(`${query} was answered with ${status}: ${body.slice(0, 200)}`);
  }
}
