import { formatDuration, type Milliseconds, messageOf, UserError, withDeadline } from '../../core/index.ts';
import {
  createHttpClient,
  createRedact,
  type HttpClientConfig,
  isSuccess,
  type Redact,
} from '../../http-client/index.ts';
import type { FailureCategory, NotifyResult } from '../notifier.ts';
import type { IntegrationKind } from './config.ts';
import type { NotifierContext } from './create-notifier.ts';
import { discardAnswer, readAnswer } from './read-answer.ts';
import { requestSecrets } from './request-secrets.ts';

/** How much of a refusing answer is quoted, characters. */
const MAX_QUOTED = 500;

export interface HttpSenderOptions {
  readonly kind: IntegrationKind;
  readonly http: HttpClientConfig;
  /** Of one post with its answer. 0: none. */
  readonly timeout: Milliseconds;
  /** Whether the answer to a success says more than its status. */
  readonly readsSuccess?: boolean;
}

/** What a receiver answered. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** The beginning of the body. */
  readonly text: string;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
}

export interface Posting {
  /** May carry userinfo. */
  readonly url: string;
  /** JSON. */
  readonly body: string;
  /** What the body holds that must not be shown. */
  readonly secrets?: readonly string[];
  readonly signal: AbortSignal;
  /** What this answer says; `clean` takes the secrets out of a text. */
  readonly judge: (answer: Answer, clean: Redact) => NotifyResult;
}

/** Posts JSON to one receiver. Everything that keeps an answer from coming may be retried, and its reason is free of secrets. */
export interface HttpSender {
  post(posting: Posting): Promise<NotifyResult>;
}

export function createHttpSender(
  { kind, http, timeout, readsSuccess = false }: HttpSenderOptions,
  { clock, connect = config => createHttpClient({ config }) }: NotifierContext,
): HttpSender {
  const client = connect(http);
  const headers = { 'content-type': 'application/json', 'user-agent': 'slo-guard' };
  const tooLate = () => new Error(`configured ${kind} timeout reached (${formatDuration(timeout)})`);

  async function ask(url: string, body: string, signal: AbortSignal): Promise<Answer> {
    const answer = await client.post({ url, headers, body, signal });
    const { status } = answer;
    const contentType = answer.header('content-type') ?? '';
    if (readsSuccess || !isSuccess(answer))
      return { status, contentType, ...(await readAnswer(answer, clock)) };
    discardAnswer(answer, clock);
    return { status, contentType, text: '', isWhole: false };
  }

  return {
    async post({ url, body, secrets = [], signal, judge }) {
      let clean: Redact = text => text;
      try {
        const known = [...secrets, ...(await requestSecrets(url, http))];
        clean = createRedact(() => known);
        const deadline = { clock, limit: timeout || undefined, tooLate, ending: signal };
        return judge(await withDeadline(deadline, inner => ask(url, body, inner)), clean);
      } catch (error) {
        return { outcome: 'retry', reason: clean(reasonOf(error)) };
      }
    },
  };
}

/** What a status outside 2xx means, as Alertmanager's notify.Retrier sees it. */
export function refusal(
  { status }: Answer,
  details: string,
  isRetried: (status: number) => boolean = () => false,
): NotifyResult {
  const quoted = quote(details);
  return {
    outcome: Math.trunc(status / 100) === 5 || isRetried(status) ? 'retry' : 'failed',
    reason: `unexpected status code ${status}${quoted && `: ${quoted}`}`,
    category: categoryOf(status),
  };
}

/** What a receiver said, for people: not too much of it, and nothing that a terminal would obey. */
export const quote = (text: string): string =>
  text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .slice(0, MAX_QUOTED)
    .trim();

/** What an error says to people, without the code that `message` carries. */
export const reasonOf = (error: unknown): string =>
  error instanceof UserError ? error.problems[0]!.message : messageOf(error);

/** Alertmanager's GetFailureReasonFromStatusCode. */
function categoryOf(status: number): FailureCategory {
  if (status === 401 || status === 403) return 'authError';
  if (status === 429) return 'rateLimited';
  if (status >= 400 && status < 500) return 'clientError';
  return status >= 500 && status < 600 ? 'serverError' : 'other';
}
