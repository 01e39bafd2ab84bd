import {
  type Clock,
  formatDuration,
  type Milliseconds,
  messageOf,
  UserError,
  withDeadline,
} from '../../core/index.ts';
import {
  configuredHeaders,
  createHttpClient,
  type HttpAnswer,
  type HttpClientConfig,
  withoutUserinfo,
} from '../../http-client/index.ts';
import type { FailureCategory, NotifyResult } from '../notifier.ts';
import type { IntegrationKind } from './config.ts';
import type { NotifierContext } from './create-notifier.ts';
import { redact } from './redact.ts';

/** How much of an answer is read, bytes, and for how long: what drips on says nothing more. */
const MAX_ANSWER_BYTES = 65_536;
const MAX_ANSWER_MS = 5000;
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
  readonly signal: AbortSignal;
  /** What this answer says; `clean` takes the secrets out of a text. */
  readonly judge: (answer: Answer, clean: (text: string) => string) => NotifyResult;
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
      return { status, contentType, ...(await readSome(answer, clock)) };
    answer.body.dump().catch(() => {});
    return { status, contentType, text: '', isWhole: false };
  }

  return {
    async post({ url, body, signal, judge }) {
      let clean = (text: string) => text;
      try {
        const secrets = await secretsOf(url, http);
        clean = text => redact(text, secrets);
        const deadline = { clock, limit: timeout || undefined, tooLate, ending: signal };
        return judge(await withDeadline(deadline, inner => ask(url, body, inner)), clean);
      } catch (error) {
        return { outcome: 'retry', reason: clean(reasonOf(error)) };
      }
    },
  };
}

/** Everything that must not come back out of an error or of what the receiver echoes. */
async function secretsOf(url: string, http: HttpClientConfig): Promise<string[]> {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new UserError('bad-url', 'not an http or https address');
  const { url: plain, authorization = '' } = withoutUserinfo(url);
  const { href, pathname, search } = new URL(plain);
  const { authorization: configured = [], ...headers } = await configuredHeaders(http);
  // The scheme is none: what is behind it is.
  const words = [authorization, ...configured].flatMap(value => value.split(' '));
  return [url, plain, href, pathname + search, ...words, ...Object.values(headers).flat()].sort(
    (a, b) => b.length - a.length,
  );
}

async function readSome(answer: HttpAnswer, clock: Clock): Promise<Pick<Answer, 'text' | 'isWhole'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  let isWhole = true;
  const { body } = answer;
  const cut = () => {
    isWhole = false;
    body.destroy();
  };
  const timer = clock.after(MAX_ANSWER_MS, cut);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= MAX_ANSWER_BYTES) continue;
      cut();
      break;
    }
  } catch {
    // The status has been told; what is missing of the body is for the judge to mind.
    isWhole = false;
  } finally {
    timer.cancel();
  }
  return { text: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString(), isWhole };
}

/** What a status outside 2xx means, as Alertmanager's notify.Retrier sees it. */
export function refusal(
  { status }: Answer,
  details: string,
  isRetried: (status: number) => boolean = () => false,
): NotifyResult {
  const quoted = details.slice(0, MAX_QUOTED).trim();
  return {
    outcome: Math.trunc(status / 100) === 5 || isRetried(status) ? 'retry' : 'failed',
    reason: `unexpected status code ${status}${quoted && `: ${quoted}`}`,
    category: categoryOf(status),
  };
}

export const isSuccess = ({ status }: Pick<Answer, 'status'>): boolean => status >= 200 && status < 300;

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
