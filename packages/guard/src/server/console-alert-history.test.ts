import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ALERTMANAGER_YML,
  ask,
  eventually,
  type GuardFolder,
  guardFolder,
  PROMETHEUS_YML,
  startIn,
} from './guard.testing.ts';
import type { Guard } from './index.ts';

const INTERVALS = "time_intervals: [{ name: always, time_intervals: [{ years: ['2000:2999'] }] }]\n";

let folder: GuardFolder;
let guard: Guard;
beforeAll(async () => {
  folder = guardFolder();
  folder.write(
    'prometheus.yml',
    `${PROMETHEUS_YML.replace('global:', 'global:\n  external_labels: { env: prod }')}`,
  );
  folder.write(
    'alertmanager.yml',
    INTERVALS +
      ALERTMANAGER_YML.replace(
        'route:',
        'route:\n  routes: [{ receiver: hook, matchers: [service="demo"], mute_time_intervals: [always] }]',
      ),
  );
  guard = await startIn(folder);
});
afterAll(async () => {
  await guard.stop();
  folder.remove();
});

const get = (path: string) => ask(guard.addresses.console, path);

it('leads from an active alert to what the router decided about it, under the labels that it was sent with', async () => {
  const fingerprint = await eventually(async () => (await get('/api/alerts')).json.alerts[0]?.fingerprint);
  const history = await eventually(async () => {
    const { status, json } = await get(`/api/alerts/${fingerprint}/history`);
    return status === 200 && json.decisions.length > 0 && json;
  });
  expect(history).toMatchObject({
    fingerprint,
    alert: { labels: { alertname: 'Always', env: 'prod' }, receivers: ['hook'] },
    decisions: [{ receiver: 'hook', decision: 'not sent', reason: expect.stringContaining('always') }],
    waits: [{ receiver: 'hook', waitsFor: 'group_interval', until: expect.any(Number) }],
  });
});
