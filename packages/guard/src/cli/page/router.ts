import { parse } from 'yaml';
import type { z } from 'zod';
import { hideUserinfo, UserError } from '../../core/index.ts';
import {
  createHttpClient,
  DEFAULT_HTTP_CLIENT,
  type HttpAnswer,
  isSuccess,
  shownBeginning,
  textOf,
  whyUnanswered,
  withoutUserinfo,
} from '../../http-client/index.ts';
import { type Decision, HISTORY, ROUTER_ALERTS, type RouterAlert, STATUS } from './answers.ts';
import { type Count, type ReceiverKinds, readCounts } from './counters.ts';

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/**
 * An Alertmanager-compatible API. Each function throws UserError, naming the address: `unreachable` without an answer,
 * `bad-request` for one that is not 2xx, `bad-answer` for one that no Alertmanager gives.
 */
export interface Router {
  post(alert: PostedAlert): Promise<void>;
  /** The alert that has this label; undefined when the router does not know it. */
  find(label: string, value: string): Promise<RouterAlert | undefined>;
  /** Undefined where the router keeps no history: a real Alertmanager. */
  decisions(fingerprint: string): Promise<readonly Decision[] | undefined>;
  /** What it has notified so far. */
  counts(): Promise<Count[]>;
  /** All that fire. */
  alerts(): Promise<RouterAlert[]>;
  /** Of its configuration. */
  kinds(): Promise<ReceiverKinds>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const JSON_HEADERS = { 'content-type': 'application/json' };

interface Told extends Pick<HttpAnswer, 'status' | 'redact'> {
  readonly text: string;
}

const withoutSlash = (address: string) => address.replace(/\/+$/, '');

export function createRouter(base: string): Router {
  const root = withoutSlash(base);
  if (!/^https?:$/.test(URL.parse(root)?.protocol ?? ''))
    throw new UserError(
      'bad-option',
      `--alertmanager ${JSON.stringify(hideUserinfo(base))} is not an http or https address`,
    );

  const shown = withoutSlash(withoutUserinfo(root).url);
  const client = createHttpClient({ config: DEFAULT_HTTP_CLIENT });

  /** The whole answer to a GET, or to a POST where there is a body. */
  async function ask(path: string, body?: object): Promise<Told> {
    const request = { url: root + path, signal: AbortSignal.timeout(TIMEOUT_MS) };
    try {
      const answer =
        body === undefined
          ? await client.get({ ...request, headers: {} })
          : await client.post({ ...request, headers: JSON_HEADERS, body: JSON.stringify(body) });
      return { status: answer.status, redact: answer.redact, text: await textOf(answer) };
    } catch (error) {
      throw new UserError('unreachable', `no answer from ${shown}: ${whyUnanswered(error)}`, {
        remedy: 'name a running Alertmanager or guard with --alertmanager',
      });
    }
  }

  const read = async <T>(path: string, parseText: (text: string) => T): Promise<T> =>
    understood(path, await ask(path), parseText);

  function understood<T>(path: string, answer: Told, parseText: (text: string) => T): T {
    if (!isSuccess(answer)) throw new UserError('bad-request', `${shown}${path} answers ${answer.status}`);
    try {
      return parseText(answer.text);
    } catch {
      const beginning = JSON.stringify(shownBeginning(answer.text, 80, answer.redact));
      throw new UserError('bad-answer', `${shown}${path} answers as no Alertmanager does: ${beginning}`, {
        remedy: "name the address of an Alertmanager or of a guard's router with --alertmanager",
      });
    }
  }

  return {
    async post(alert) {
      const answer = await ask('/api/v2/alerts', [alert]);
      if (!isSuccess(answer))
        throw new UserError(
          'bad-request',
          `the alert is refused: ${answer.status} ${shownBeginning(answer.text, 300, answer.redact)}`,
        );
    },
    async find(label, value) {
      const filter = encodeURIComponent(`${label}=${JSON.stringify(value)}`);
      return (await read(`/api/v2/alerts?filter=${filter}`, jsonOf(ROUTER_ALERTS)))[0];
    },
    async decisions(fingerprint) {
      const path = `/api/v2/alert/${fingerprint}/history`;
      const answer = await ask(path);
      return answer.status === 404 ? undefined : understood(path, answer, jsonOf(HISTORY)).decisions;
    },
    counts: () => read('/metrics', readCounts),
    alerts: () => read('/api/v2/alerts', jsonOf(ROUTER_ALERTS)),
    async kinds() {
      const { config } = await read('/api/v2/status', jsonOf(STATUS));
      return kindsOf(parse(config.original) as ConfigText);
    },
    close: () => client.close(),
  };
}

const jsonOf =
  <T>(schema: z.ZodType<T>) =>
  (text: string): T =>
    schema.parse(JSON.parse(text));

interface ConfigText {
  readonly receivers?: readonly Readonly<Record<string, unknown>>[];
}

function kindsOf({ receivers = [] }: ConfigText): ReceiverKinds {
  return new Map(
    receivers.map(receiver => [
      String(receiver.name),
      new Set(
        Object.entries(receiver).flatMap(([key, list]) =>
          key.endsWith('_configs') && Array.isArray(list) && list.length > 0 ? [key.slice(0, -8)] : [],
        ),
      ),
    ]),
  );
}
