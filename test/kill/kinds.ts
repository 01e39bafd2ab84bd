import {
  encodeWriteRequest,
  snappyCompress,
  WRITE_HEADERS,
} from '../../packages/guard/src/remote-write/testing.ts';
import { getJson } from '../story/support.ts';

/** Where the parts under load take what they acknowledge. */
export interface Surfaces {
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly otlpHttp: string;
  readonly jaeger: string;
  readonly receiver: string;
}

/** One kind of thing that a part acknowledges: how it is sent, and how what is kept is asked for. */
export interface Kind {
  /** Sends the n-th; gives the name under which it must be found later. @throws when it is not acknowledged */
  send(n: number): Promise<string>;
  /** Which of these are there. */
  kept(names: readonly string[]): Promise<ReadonlySet<string>>;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const HOUR = 3_600_000;

async function post(url: string, headers: Record<string, string>, body: string | Buffer): Promise<string> {
  const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
}

const FIRST_TRACE = 0xabc0_0000;

export const spans = ({ otlpHttp, jaeger }: Pick<Surfaces, 'otlpHttp' | 'jaeger'>): Kind => ({
  async send(n) {
    const traceId = (FIRST_TRACE + n).toString(16).padStart(32, '0');
    const now = Date.now();
    const span = {
      traceId,
      spanId: (n + 1).toString(16).padStart(16, '0'),
      name: `kill ${n}`,
      kind: 1,
      startTimeUnixNano: `${now}000000`,
      endTimeUnixNano: `${now + 1}000000`,
    };
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'kill' } }] };
    const body = { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'kill' }, spans: [span] }] }] };
    await post(`${otlpHttp}/v1/traces`, JSON_TYPE, JSON.stringify(body));
    return traceId;
  },
  async kept(names) {
    const found = new Set<string>();
    for (const name of names) {
      const response = await fetch(`${jaeger}/api/traces/${name}`);
      const { data } = (await response.json()) as { data: readonly object[] | null };
      if (data?.length === 1) found.add(name);
    }
    return found;
  },
});

export const alerts = ({ alertmanager }: Pick<Surfaces, 'alertmanager'>): Kind => ({
  async send(n) {
    const name = `Kill${n}`;
    const endsAt = new Date(Date.now() + HOUR).toISOString();
    const labels = { alertname: name, severity: 'ticket' };
    await post(`${alertmanager}/api/v2/alerts`, JSON_TYPE, JSON.stringify([{ labels, endsAt }]));
    return name;
  },
  async kept() {
    const all = await getJson<{ labels: { alertname: string } }[]>(`${alertmanager}/api/v2/alerts`);
    return new Set(all.map(({ labels }) => labels.alertname));
  },
});

export const silences = ({ alertmanager }: Pick<Surfaces, 'alertmanager'>): Kind => ({
  async send(n) {
    const silence = {
      matchers: [{ name: 'alertname', value: `Never${n}`, isRegex: false, isEqual: true }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + HOUR).toISOString(),
      createdBy: 'kill',
      comment: 'must survive',
    };
    const answer = await post(`${alertmanager}/api/v2/silences`, JSON_TYPE, JSON.stringify(silence));
    return (JSON.parse(answer) as { silenceID: string }).silenceID;
  },
  async kept() {
    const all = await getJson<{ id: string; status: { state: string } }[]>(`${alertmanager}/api/v2/silences`);
    return new Set(all.filter(({ status }) => status.state === 'active').map(({ id }) => id));
  },
});

/** By remote write: each request is a sample of each of some series. */
export const samples = ({ prometheus }: Pick<Surfaces, 'prometheus'>): Kind => ({
  async send(n) {
    const timestamp = Date.now();
    const series = Array.from({ length: SERIES }, (_, i) => ({
      labels: { __name__: 'kill_samples', series: String(i) },
      samples: [{ timestamp, value: n }],
    }));
    await post(
      `${prometheus}/api/v1/write`,
      WRITE_HEADERS[1],
      snappyCompress(encodeWriteRequest({ series })),
    );
    return String(n);
  },
  async kept() {
    const query = `${prometheus}/api/v1/query?query=${encodeURIComponent('kill_samples[1h]')}`;
    const { data } = await getJson<{ data: { result: { values: [number, string][] }[] } }>(query);
    const counts = new Map<string, number>();
    for (const { values } of data.result)
      for (const [, value] of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return new Set([...counts].filter(([, count]) => count === SERIES).map(([value]) => value));
  },
});
const SERIES = 20;

export const deliveries = ({ receiver }: Pick<Surfaces, 'receiver'>): Kind => ({
  async send(n) {
    const fingerprint = n.toString(16).padStart(16, '0');
    const startsAt = new Date().toISOString();
    const alert = { status: 'firing', labels: { alertname: `Delivered${n}` }, startsAt, endsAt: startsAt };
    const body = {
      version: '4',
      status: 'firing',
      receiver: 'webhook',
      groupKey: `kill ${n}`,
      alerts: [{ ...alert, fingerprint }],
    };
    await post(`${receiver}/webhook`, JSON_TYPE, JSON.stringify(body));
    return `Delivered${n}`;
  },
  async kept() {
    const { notifications } = await getJson<{ notifications: { labels: { alertname: string } }[] }>(
      `${receiver}/api/notifications`,
    );
    return new Set(notifications.map(({ labels }) => labels.alertname));
  },
});
