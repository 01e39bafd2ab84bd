import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, Labels, milliseconds, silentLogger } from '../core/index.ts';
import type { HttpAnswer, HttpPost } from '../http-client/index.ts';
import type { OutgoingAlert } from '../rules/alert-sender.ts';
import { createDiscoveryMetrics, loadPrometheusConfig } from '../scrape/index.ts';
import { createNotifier, type QueueOptions } from './index.ts';

const START = 1_767_225_600_000;

const alert = (name: string, labels: Record<string, string> = {}): OutgoingAlert => ({
  labels: Labels.of({ alertname: name, ...labels }),
  annotations: Labels.of({ summary: 's' }),
  startsAt: START - 1000,
  endsAt: START + 1000,
  generatorUrl: 'http://localhost:9090/graph',
});
const batch = (size: number) => Array.from({ length: size }, (_, i) => alert(`A${i}`));

const answerOf = (status: number, text = ''): HttpAnswer =>
  ({
    status,
    statusLine: `${status} Some Status`,
    header: () => undefined,
    redact: (shown: string) => shown,
    body: Object.assign([Buffer.from(text)], { dump: async () => {} }),
  }) as unknown as HttpAnswer;

const settingsOf = (alerting: string, externalLabels = '{}') =>
  loadPrometheusConfig(
    'prometheus.yml',
    `global: { external_labels: ${externalLabels} }\nalerting:\n  ${alerting}\n`,
  );

const ONE = "alertmanagers: [{ static_configs: [{ targets: ['localhost:9093'] }] }]";
const URL_OF_ONE = 'http://localhost:9093/api/v2/alerts';

function setup(
  alerting: string,
  {
    answer = async (_: HttpPost): Promise<HttpAnswer> => answerOf(200),
    queue = {} as Partial<QueueOptions>,
    externalLabels = '{}',
    alsoEmbedded = false,
  } = {},
) {
  const clock = createVirtualClock(milliseconds(START));
  const registry = new Registry();
  const requests: HttpPost[] = [];
  const embedded: OutgoingAlert[] = [];
  const notifier = createNotifier({
    queueCapacity: 10_000,
    batchSize: 256,
    drainsOnStop: true,
    ...queue,
    clock,
    logger: silentLogger,
    registry,
    discoveryMetrics: createDiscoveryMetrics(registry),
    embedded: { send: alerts => void embedded.push(...alerts) },
    alsoEmbedded,
    connect: () => ({
      post(request) {
        requests.push(request);
        return answer(request);
      },
      close: async () => {},
    }),
  });
  notifier.apply(settingsOf(alerting, externalLabels));
  const metric = async (name: string) =>
    (await registry.metrics())
      .split('\n')
      .filter(line => line.startsWith(`prometheus_notifications_${name}`))
      .map(line => line.replace('prometheus_notifications_', ''));
  const posted = () => requests.map(({ url, body }) => [url, JSON.parse(body)] as const);
  /** Lets what is under way go on. */
  const settle = () => clock.advance(milliseconds(0));
  return { clock, notifier, requests, embedded, metric, posted, settle };
}

describe('the notifier', () => {
  it('posts batches of 256 in order and counts them', async () => {
    const { notifier, posted, requests, metric, settle } = setup(ONE);
    notifier.send(batch(300));
    await settle();
    expect(posted().map(([url, alerts]) => [url, alerts.length])).toEqual([
      [URL_OF_ONE, 256],
      [URL_OF_ONE, 44],
    ]);
    expect(requests[0]!.headers['content-type']).toBe('application/json');
    expect(posted()[0]![1][0]).toEqual({
      labels: { alertname: 'A0' },
      annotations: { summary: 's' },
      startsAt: '2025-12-31T23:59:59.000Z',
      endsAt: '2026-01-01T00:00:01.000Z',
      generatorURL: 'http://localhost:9090/graph',
    });
    expect(await metric('sent_total')).toEqual([`sent_total{alertmanager="${URL_OF_ONE}"} 300`]);
    expect(await metric('queue_length')).toEqual([`queue_length{alertmanager="${URL_OF_ONE}"} 0`]);
    expect(await metric('alertmanagers_discovered')).toEqual(['alertmanagers_discovered 1']);
    expect(await metric('queue_capacity')).toEqual(['queue_capacity 10000']);
  });

  it('drops a batch that is not taken, counts it, and goes on', async () => {
    let calls = 0;
    const { notifier, metric, settle } = setup(ONE, {
      answer: async () => answerOf(calls++ === 0 ? 503 : 200, 'not now'),
    });
    notifier.send(batch(257));
    await settle();
    expect(await metric('errors_total')).toEqual([`errors_total{alertmanager="${URL_OF_ONE}"} 256`]);
    expect(await metric('dropped_total')).toEqual([`dropped_total{alertmanager="${URL_OF_ONE}"} 256`]);
    expect(await metric('sent_total')).toEqual([`sent_total{alertmanager="${URL_OF_ONE}"} 1`]);
  });

  it('drops the oldest when more wait than there is room for', async () => {
    let release = () => {};
    const { notifier, metric, posted, settle } = setup(ONE, {
      answer: () => new Promise(resolve => (release = () => resolve(answerOf(200)))),
      queue: { queueCapacity: 3, batchSize: 2 },
    });
    notifier.send(batch(1));
    notifier.send(batch(5));
    expect(await metric('dropped_total')).toEqual([`dropped_total{alertmanager="${URL_OF_ONE}"} 2`]);
    expect(await metric('queue_length')).toEqual([`queue_length{alertmanager="${URL_OF_ONE}"} 3`]);
    release();
    await settle();
    expect(posted()[1]![1].map(({ labels }: { labels: object }) => labels)).toEqual([
      { alertname: 'A2' },
      { alertname: 'A3' },
    ]);
  });

  it('gives a request as long as the configuration says', async () => {
    const { clock, notifier, metric } = setup(
      "alertmanagers: [{ timeout: 3s, static_configs: [{ targets: ['localhost:9093'] }] }]",
      {
        answer: ({ signal }) =>
          new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      },
    );
    notifier.send(batch(1));
    await clock.advance(milliseconds(2999));
    expect(await metric('errors_total')).toEqual([`errors_total{alertmanager="${URL_OF_ONE}"} 0`]);
    await clock.advance(milliseconds(1));
    expect(await metric('errors_total')).toEqual([`errors_total{alertmanager="${URL_OF_ONE}"} 1`]);
  });

  it('sends to every Alertmanager, each once, with relabelled addresses', async () => {
    const { notifier } = setup(`alertmanagers:
    - scheme: https
      path_prefix: /am/
      static_configs:
        - targets: [a:1, b:2, a:1]
        - { targets: [c:3], labels: { __scheme__: http, __alerts_path__: /own } }
      relabel_configs:
        - { source_labels: [__address__], regex: b.*, action: drop }
    - static_configs: [{ targets: [d:4] }]`);
    expect(notifier.urls()).toEqual([
      'https://a:1/am/api/v2/alerts',
      'http://c:3/own',
      'http://d:4/api/v2/alerts',
    ]);
    expect(notifier.droppedUrls()).toEqual(['https://b:2/am/api/v2/alerts']);
    expect(notifier.routesEmbedded()).toBe(false);
    expect(notifier.embeddedLabels(alert('A').labels)).toBe(undefined);
  });

  it('adds external labels over which own ones win, and relabels for all and for some', async () => {
    const { notifier, posted, settle } = setup(
      `alert_relabel_configs:
    - { source_labels: [alertname], regex: Secret, action: drop }
    - { target_label: for_all, replacement: 'yes' }
  alertmanagers:
    - { static_configs: [{ targets: [a:1] }], alert_relabel_configs: [{ source_labels: [alertname], regex: Other, action: drop }] }
    - { static_configs: [{ targets: [b:2] }] }`,
      { externalLabels: '{ env: prod, region: eu }' },
    );
    notifier.send([alert('A', { env: 'own' }), alert('Secret'), alert('Other')]);
    await settle();
    const a = { alertname: 'A', env: 'own', region: 'eu', for_all: 'yes' };
    const labels = posted().map(([url, alerts]) => [
      url,
      alerts.map((each: { labels: object }) => each.labels),
    ]);
    expect(labels).toEqual([
      ['http://a:1/api/v2/alerts', [a]],
      ['http://b:2/api/v2/alerts', [a, { alertname: 'Other', env: 'prod', region: 'eu', for_all: 'yes' }]],
    ]);
  });

  it('hands alerts to the embedded router where nothing is listed, relabelled all the same', async () => {
    const { notifier, embedded } = setup('alert_relabel_configs: [{ regex: drop_me, action: labeldrop }]', {
      externalLabels: '{ env: prod }',
    });
    notifier.send([alert('A', { drop_me: 'x' })]);
    expect(notifier.routesEmbedded()).toBe(true);
    expect(embedded.map(({ labels }) => labels.toObject())).toEqual([{ alertname: 'A', env: 'prod' }]);
    expect(notifier.embeddedLabels(alert('A', { drop_me: 'x' }).labels)?.toObject()).toEqual({
      alertname: 'A',
      env: 'prod',
    });
  });

  it('hands them to both when it is told to', async () => {
    const { notifier, embedded, requests, settle } = setup(ONE, { alsoEmbedded: true });
    notifier.send(batch(1));
    await settle();
    expect([embedded.length, requests.length]).toEqual([1, 1]);
  });

  it('keeps the queues of entries that stay, and takes up and leaves others', async () => {
    let release = () => {};
    const { notifier, posted, settle, metric } = setup(ONE, {
      answer: () => new Promise(resolve => (release = () => resolve(answerOf(200)))),
      queue: { batchSize: 1 },
    });
    notifier.send(batch(2));
    notifier.apply(settingsOf(`${ONE.slice(0, -1)}, { static_configs: [{ targets: ['other:1'] }] }]`));
    expect(await metric('queue_length')).toEqual([
      `queue_length{alertmanager="${URL_OF_ONE}"} 1`,
      'queue_length{alertmanager="http://other:1/api/v2/alerts"} 0',
    ]);
    notifier.apply(settingsOf("alertmanagers: [{ static_configs: [{ targets: ['other:1'] }] }]"));
    release();
    await settle();
    release();
    await settle();
    // What waited for the one that is left was sent, as at the end of the process.
    expect(posted().map(([url]) => url)).toEqual([URL_OF_ONE, URL_OF_ONE]);
    expect(await metric('sent_total')).toEqual(['sent_total{alertmanager="http://other:1/api/v2/alerts"} 0']);
  });

  it('sends what waits when it ends, and takes no more', async () => {
    const { notifier, posted } = setup(ONE, { queue: { batchSize: 1 } });
    notifier.send(batch(3));
    await notifier.stop();
    notifier.send(batch(1));
    expect(posted()).toHaveLength(3);
  });

  it('drops what waits when it is told not to drain', async () => {
    const { notifier, posted } = setup(ONE, { queue: { batchSize: 1, drainsOnStop: false } });
    notifier.send(batch(3));
    await notifier.stop();
    expect(posted()).toHaveLength(1);
  });

  it('ends draining with the first batch that is not taken', async () => {
    const { notifier, posted } = setup(ONE, { queue: { batchSize: 1 }, answer: async () => answerOf(500) });
    notifier.send(batch(3));
    await notifier.stop();
    expect(posted()).toHaveLength(2);
  });
});
