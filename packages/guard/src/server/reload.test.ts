import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSystemClock, silentLogger } from '../core/index.ts';
import {
  ask,
  eventually,
  type GuardFolder,
  guardFolder,
  PROMETHEUS_YML,
  RULES_YML,
} from './guard.testing.ts';
import { type Guard, startGuard } from './index.ts';

let folder: GuardFolder;
let guard: Guard;
let hasQuit = false;
beforeEach(async () => {
  folder = guardFolder({ enableLifecycle: true });
  hasQuit = false;
  guard = await startGuard(folder.options, {
    clock: createSystemClock(),
    logger: silentLogger,
    quit: () => {
      hasQuit = true;
    },
  });
});
afterEach(async () => {
  await guard.stop();
  folder.remove();
});

const prometheus = (path: string, method = 'GET') => ask(guard.addresses.prometheus, path, { method });
const reload = () => prometheus('/-/reload', 'POST');
const alerts = async () => (await prometheus('/api/v1/alerts')).json.data.alerts;
const ruleNames = async () =>
  (await prometheus('/api/v1/rules')).json.data.groups.flatMap(({ rules }: { rules: { name: string }[] }) =>
    rules.map(({ name }) => name),
  );
const metric = async (name: string, surface: 'prometheus' | 'alertmanager' = 'prometheus') =>
  (await ask(guard.addresses[surface], '/metrics')).text
    .split('\n')
    .find(line => line.startsWith(`${name} `))
    ?.slice(name.length + 1);

describe('a reload', () => {
  it('keeps the alerts of rules that stay, and takes up and leaves others', async () => {
    const [before] = await eventually(async () => (await alerts()).length > 0 && alerts());
    folder.write(
      'rules.yml',
      RULES_YML.replace('alert: Never', 'alert: Later').replace('demo:one', 'demo:two'),
    );
    expect(await reload()).toMatchObject({ status: 200, text: '' });
    expect(await ruleNames()).toEqual(['demo:two', 'Always', 'Later']);
    expect(await alerts()).toMatchObject([{ labels: { alertname: 'Always' }, activeAt: before.activeAt }]);
    const recorded = async () => (await prometheus('/api/v1/query?query=demo:two')).json.data.result;
    await eventually(async () => (await recorded()).length === 1);
  });

  it('refuses a bad file whole while the old one goes on, and says so', async () => {
    folder.write(
      'prometheus.yml',
      `${PROMETHEUS_YML}  - { job_name: more, static_configs: [{ targets: [a:1] }] }\n`,
    );
    folder.write('rules.yml', 'groups:\n  - name: g\n    rules: [{ alert: A, expr: "sum(" }]\n');
    const refused = await reload();
    expect(refused).toMatchObject({
      status: 500,
      text: expect.stringMatching(/^failed to reload config: .*rules\.yml:3:\d+: .*\[bad-promql\]/),
    });
    expect(await ruleNames()).toContain('Always');
    expect((await prometheus('/api/v1/scrape_pools')).json.data.scrapePools).toEqual(['demo']);
    expect(await metric('prometheus_config_last_reload_successful')).toBe('0');
    expect((await prometheus('/api/v1/status/runtimeinfo')).json.data.reloadConfigSuccess).toBe(false);
    expect((await prometheus('/api/v1/notifications')).json.data).toMatchObject([
      { text: 'Configuration reload has failed.', active: true },
    ]);
    folder.write('rules.yml', RULES_YML);
    expect((await reload()).status).toBe(200);
    expect((await prometheus('/api/v1/scrape_pools')).json.data.scrapePools).toEqual(['demo', 'more']);
    expect(await metric('prometheus_config_last_reload_successful')).toBe('1');
    expect((await prometheus('/api/v1/notifications')).json.data).toEqual([]);
  });

  it('changes where alerts go, external labels and the text that is shown', async () => {
    folder.write(
      'prometheus.yml',
      `${PROMETHEUS_YML.replace('global:', 'global:\n  external_labels: { env: prod }')}alerting:
  alertmanagers: [{ static_configs: [{ targets: ['127.0.0.1:1'] }] }]
`,
    );
    expect((await reload()).status).toBe(200);
    expect((await prometheus('/api/v1/alertmanagers')).json.data.activeAlertmanagers).toEqual([
      { url: 'http://127.0.0.1:1/api/v2/alerts' },
    ]);
    expect((await prometheus('/api/v1/status/config')).json.data.yaml).toContain('env: prod');
    const federated = await eventually(async () => {
      const { text } = await prometheus('/federate?match[]=demo:one');
      return text.includes('demo:one') && text;
    });
    expect(federated).toContain('env="prod"');
  });

  it('reads the routing configuration anew, at its own address or with the rest', async () => {
    const routing = (path: string) => ask(guard.addresses.alertmanager, path, { method: 'POST' });
    folder.write('alertmanager.yml', 'route: { receiver: other }\nreceivers: [{ name: other }]\n');
    expect((await routing('/-/reload')).status).toBe(200);
    const receivers = async () => (await ask(guard.addresses.alertmanager, '/api/v2/receivers')).json;
    expect(await receivers()).toMatchObject([{ name: 'other' }]);
    folder.write('alertmanager.yml', 'route: {}\n');
    expect((await routing('/-/reload')).status).toBe(500);
    expect(await metric('alertmanager_config_last_reload_successful', 'alertmanager')).toBe('0');
    folder.write('rules.yml', RULES_YML.replace('alert: Never', 'alert: Later'));
    await guard.reload();
    expect(await receivers()).toMatchObject([{ name: 'other' }]);
    expect(await ruleNames()).toContain('Later');
  });
});

describe('the lifecycle API', () => {
  it('takes POST and PUT alone', async () => {
    expect(await prometheus('/-/reload')).toMatchObject({
      status: 405,
      text: 'Only POST or PUT requests allowed',
    });
    expect((await prometheus('/-/reload', 'PUT')).status).toBe(200);
  });

  it('ends the process when it is asked to', async () => {
    expect(await prometheus('/-/quit', 'POST')).toMatchObject({
      status: 200,
      text: 'Requesting termination... Goodbye!',
    });
    await eventually(() => hasQuit);
  });

  it('is off unless it is switched on', async () => {
    const other = guardFolder();
    const off = await startGuard(other.options, { clock: createSystemClock(), logger: silentLogger });
    expect(await ask(off.addresses.prometheus, '/-/reload', { method: 'POST' })).toMatchObject({
      status: 403,
      text: 'Lifecycle API is not enabled.',
    });
    await off.stop();
    other.remove();
  });
});
