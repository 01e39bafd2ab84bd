import { createInterface } from 'node:readline';
import { Registry } from 'prom-client';
import { createSystemClock, silentLogger } from '../core/index.ts';
import { createAlertmanager } from './alertmanager.ts';
import { loadAlertmanagerConfig } from './load-config.ts';

/**
 * A router in a process of its own, to be killed by crash.system.ts. Arguments: database, receiver's address.
 * Each line of input is a batch of alerts as JSON; each is answered with `ok` once it is durable.
 */
const [database, url] = process.argv.slice(2) as [string, string];
const router = createAlertmanager({
  config: loadAlertmanagerConfig(
    'crash.yml',
    `route: { receiver: r, group_by: [alertname], group_wait: 10ms, group_interval: 50ms, repeat_interval: 1h }
receivers: [{ name: r, webhook_configs: [{ url: '${url}' }] }]`,
  ),
  clock: createSystemClock(),
  logger: silentLogger,
  registry: new Registry(),
  database,
  externalUrl: '',
});
router.start();
process.stdout.write('ready\n');
createInterface({ input: process.stdin }).on('line', line => {
  const { durable } = router.put(JSON.parse(line));
  process.stdout.write(durable ? 'ok\n' : 'refused\n');
});
