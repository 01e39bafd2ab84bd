import { messageOf, UserError } from '../../core/index.ts';

/** One decision about the alert, as the embedded router keeps them. */
export interface Decision {
  readonly at: string;
  readonly receiver: string;
  readonly decision: 'sent' | 'not sent' | 'failed';
  readonly reason: string;
}

/** Notifications of a real Alertmanager so far, over all kinds of receivers. */
export interface Counts {
  readonly sent: number;
  readonly failed: number;
}

export interface RouterAlert {
  readonly fingerprint: string;
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
  counts(receiver: string | undefined): Promise<Counts>;
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
    async counts(receiver) {
      const text = await (await ask('/metrics')).text();
      const sum = (name: string) => sumOf(text, name, receiver);
      // alertmanager_notifications_total counts a notification when it is begun, these count its attempts when they end.
      const attempts = sum('alertmanager_notification_requests_total');
      const failures = sum('alertmanager_notification_requests_failed_total');
      return { sent: attempts - failures, failed: sum('alertmanager_notifications_failed_total') };
    },
  };
}

/** Over the series of a counter; those of other receivers are left out where receivers are told apart. */
function sumOf(text: string, name: string, receiver: string | undefined): number {
  const lines = text.split('\n').filter(line => line.startsWith(`${name}{`));
  return lines
    .filter(line => {
      const named = /receiver_name="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
      return receiver === undefined || named === undefined || named === receiver;
    })
    .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
