import type { z } from 'zod';
import { type Clock, type Milliseconds, UserError, withDeadline } from '../core/index.ts';
import {
  createHttpClient,
  DEFAULT_HTTP_CLIENT,
  type HttpAnswer,
  isSuccess,
  shownBeginning,
  textOf,
  whyUnanswered,
  withoutUserinfo,
} from '../http-client/index.ts';
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
  close(): Promise<void>;
}

/** Without a signal, requests go on after Ctrl-C: for what must be done then. */
export function createHttp(clock: Clock, ending?: AbortSignal): Http {
  const client = createHttpClient({ config: DEFAULT_HTTP_CLIENT });
  const tooLate = () => new Error(`no answer within ${REQUEST_TIMEOUT / 1000} s`);
  const send = (url: string, body: object | undefined, signal: AbortSignal) =>
    body === undefined
      ? client.get({ url, headers: {}, signal })
      : client.post({ url, headers: JSON_HEADERS, body: JSON.stringify(body), signal });

  async function ask(url: string, body?: object): Promise<Told> {
    try {
      return await withDeadline({ clock, limit: REQUEST_TIMEOUT, tooLate, ending }, async signal => {
        const answer = await send(url, body, signal);
        const told = await textOf(answer);
        if (isSuccess(answer)) return { told, redact: answer.redact };
        throw badAnswer(url, `answered ${answer.status}: ${beginning({ told, redact: answer.redact }, 200)}`);
      });
    } catch (error) {
      if (error instanceof UserError && error.code === 'drill-bad-answer') throw error;
      throw drillError('drill-unreachable', `${withoutUserinfo(url).url}: ${whyUnanswered(error)}`, {
        remedy: 'start the stack (`npm start`), give the address of this part, or use --fresh-stack',
      });
    }
  }

  return {
    getText: async url => (await ask(url)).told,
    async json(url, schema, body) {
      const result = schema.safeParse(parseJson(url, await ask(url, body)));
      if (result.success) return result.data;
      const [issue] = result.error.issues;
      throw badAnswer(url, `gave an unexpected answer: ${issue?.path.join('.')}: ${issue?.message}`);
    },
    close: () => client.close(),
  };
}

interface Told extends Pick<HttpAnswer, 'redact'> {
  readonly told: string;
}

const beginning = ({ told, redact }: Told, length: number): string =>
  shownBeginning(told, length, redact).trim();

const JSON_HEADERS = { 'content-type': 'application/json' };

function parseJson(url: string, answer: Told): unknown {
  try {
    return JSON.parse(answer.told);
  } catch {
    throw badAnswer(url, `did not answer JSON: ${beginning(answer, 80)}`);
  }
}

const badAnswer = (url: string, what: string): UserError =>
  drillError('drill-bad-answer', `${withoutUserinfo(url).url} ${what}`, {
    remedy: 'does the part that the drill expects listen at this address?',
  });
