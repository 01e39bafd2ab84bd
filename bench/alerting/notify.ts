import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RouterName } from '../../test/peers/support/router-process.ts';
import { progress } from '../engine/progress.ts';
import { median, moreIsBetter, type Subject } from '../engine/row.ts';
import { GROUPS, postAll } from './alerts.ts';
import { startReceiver } from './receiver.ts';
import { onBoth, routingConfig, withRouter } from './routers.ts';

const ROUNDS = 3;
const GROUP_WAIT_MS = 1_000;
/** How long a round may take. */
const PATIENCE_MS = 60_000;
/** No second notification of a group falls into a round. */
const TIMES = { groupWait: `${GROUP_WAIT_MS}ms`, groupInterval: '5m' };

/**
 * Every group becomes due at one instant: a configuration with another receiver is loaded, which sends the groups that
 * have waited long enough at once.
 */
async function groupsPerSecond(name: RouterName): Promise<number> {
  let arrivals: number[] = [];
  let isWhole = () => {};
  const receiver = await startReceiver((_body, at) => {
    arrivals.push(at);
    if (arrivals.length === GROUPS) isWhole();
  });
  try {
    return await withRouter(name, routingConfig(undefined, TIMES), async ({ client, folder }) => {
      await postAll(client);
      await sleep(2 * GROUP_WAIT_MS);
      const rates: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        arrivals = [];
        const whole = new Promise<void>(resolve => {
          isWhole = resolve;
        });
        writeFileSync(
          join(folder, 'alertmanager.yml'),
          routingConfig(`${receiver.url}${round}`, TIMES).replaceAll('bench', `bench-${round}`),
        );
        const reloaded = await client.post('/-/reload', '', {});
        if (reloaded.status !== 200) throw new Error(`${name}: ${reloaded.status} ${reloaded.body}`);
        await Promise.race([
          whole,
          sleep(PATIENCE_MS, undefined, { ref: false }).then(() => {
            throw new Error(`${name}: ${arrivals.length} of ${GROUPS} groups were notified`);
          }),
        ]);
        rates.push((GROUPS - 1) / ((arrivals.at(-1)! - arrivals[0]!) / 1000));
        progress(`${name}: ${Math.round(rates.at(-1)!)} groups/s`);
      }
      return median(rates);
    });
  } finally {
    receiver.close();
  }
}

export const notify: Subject = {
  ids: ['notify'],
  async *measure() {
    const { theirs, ours } = await onBoth(groupsPerSecond);
    const title = `groups notified by webhook, 10,000 active alerts in ${GROUPS.toLocaleString('en')} groups`;
    yield { id: 'notify', title, unit: 'groups/s', ...moreIsBetter(theirs, ours), goal: 1, rounds: ROUNDS };
  },
};
