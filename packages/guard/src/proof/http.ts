import type { z } from 'zod';
import { type Clock, type Milliseconds, UserError, withDeadline } from '../core/index.ts';
import { drillError } from './codes.ts';

/** How long one request of the drill may take, the body included. */
export const REQUEST_TIMEOUT: Milliseconds = 5_000;

/**
 * Requests that end: by an answer, by the timeout, or by the signal.
 *
 * Both functions throw UserError, naming the address: `drill-unreachable` without an answer, `drill-bad-answer` for one
 * that is not 2xx or not what was asked for.
 */
export interface Http {
  getText(url: string): Promise<string>;
  /** JSON that fits the schema; posted when there is a body. */
  json<T>(url: string, schema: z.ZodType<T>, body?: object): Promise<T>;
}

/** Without a signal, requests go on after Ctrl-C: for what must be done then. */
export function createHttp(clock: Clock, ending?: AbortSignal): Http {
  const tooLate = () => new Error(`no answer within ${REQUEST_TIMEOUT / 1000} s`);

  async function fetchText(url: string, init: RequestInit): Promise<string> {
    try {
      return await withDeadline({ clock, limit: REQUEST_TIMEOUT, tooLate, ending }, async signal => {
        const response = await fetch(url, { ...init, signal });
        const text = await response.text();
        if (response.ok) return text;
        throw badAnswer(url, `answered ${response.status}: ${text.slice(0, 200).trim()}`);
      });
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw drillError('drill-unreachable', `${url}: ${reasonOf(error)}`, {
        remedy: 'start the stack (`npm start`), give the address of this part, or use --fresh-stack',
      });
    }
  }

  return {
    getText: url => fetchText(url, {}),
    async json(url, schema, body) {
      const text = await fetchText(url, body === undefined ? {} : posting(body));
      const result = schema.safeParse(parseJson(url, text));
      if (result.success) return result.data;
      const [issue] = result.error.issues;
      throw badAnswer(url, `gave an unexpected answer: ${issue?.path.join('.')}: ${issue?.message}`);
    },
  };
}

const posting = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

function parseJson(url: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badAnswer(url, `did not answer JSON: ${text.slice(0, 80).trim()}`);
  }
}

const badAnswer = (url: string, what: string): UserError =>
  drillError('drill-bad-answer', `${url} ${what}`, {
    remedy: 'does the part that the drill expects listen at this address?',
  });

/** What lies beneath "fetch failed". */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error
    ? cause.message || ((cause as NodeJS.ErrnoException).code ?? cause.name)
    : error.message;
}
