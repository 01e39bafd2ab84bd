import { parse } from 'yaml';
import { messageOf, UserError } from '../../core/index.ts';
import { type Count, type ReceiverKinds, readCounts } from './counters.ts';

/** One decision about the alert, as the embedded router keeps them. */
export interface Decision {
  readonly at: string;
  readonly receiver: string;
  readonly decision: 'sent' | 'not sent' | 'failed';
  readonly reason: string;
}

export interface RouterAlert {
  readonly fingerprint: string;
  /** RFC 3339. */
  readonly startsAt: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly receivers: readonly { readonly name: string }[];
  readonly status: {
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
    readonly mutedBy?: readonly string[];
  };
}

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** An Alertmanager-compatible API. */
export interface Router {
  /** @throws UserError `unreachable`, `bad-request` */
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
}

const TIMEOUT_MS = 10_000;

export function createRouter(base: string): Router {
  const root = base.replace(/\/+$/, '');
  if (!/^https?:$/.test(URL.parse(root)?.protocol ?? ''))
    throw new UserError(
      'bad-option',
      `--alertmanager ${JSON.stringify(base)} is not an http or https address`,
    );

  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await fetch(root + path, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new UserError('unreachable', `no answer from ${root}: ${messageOf(cause)}`, {
        remedy: 'name a running Alertmanager or guard with --alertmanager',
      });
    }
  }

  async function read<T>(path: string): Promise<T> {
    const answer = await ask(path);
    if (!answer.ok) throw new UserError('bad-request', `${root}${path} answers ${answer.status}`);
    return (await answer.json()) as T;
  }

  return {
    async post(alert) {
      const headers = { 'content-type': 'application/json' };
      const answer = await ask('/api/v2/alerts', { method: 'POST', headers, body: JSON.stringify([alert]) });
      if (!answer.ok)
        throw new UserError(
          'bad-request',
          `the alert is refused: ${answer.status} ${(await answer.text()).slice(0, 300)}`,
        );
    },
    async find(label, value) {
      const filter = encodeURIComponent(`${label}=${JSON.stringify(value)}`);
      return (await read<RouterAlert[]>(`/api/v2/alerts?filter=${filter}`))[0];
    },
    async decisions(fingerprint) {
      const answer = await ask(`/api/v2/alert/${fingerprint}/history`);
      if (answer.status === 404) return undefined;
      return ((await answer.json()) as { decisions: Decision[] }).decisions;
    },
    async counts() {
      return readCounts(await (await ask('/metrics')).text());
    },
    alerts: () => read('/api/v2/alerts'),
    async kinds() {
      const { config } = await read<{ config: { original: string } }>('/api/v2/status');
      return kindsOf(parse(config.original) as ConfigText);
    },
  };
}

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
