import { setTimeout as sleep } from 'node:timers/promises';
import type { RouterName } from '../../test/peers/support/router-process.ts';
import { progress } from '../engine/progress.ts';
import { lessIsBetter, type Subject } from '../engine/row.ts';
import { type ProcessUsage, usageOf } from '../stack/process-usage.ts';
import { GROUPS, postAll } from './alerts.ts';
import { startReceiver } from './receiver.ts';
import { onBoth, routingConfig, withRouter } from './routers.ts';

const ROWS = [
  { id: 'memory-rss', title: 'resident memory (RSS) added by 10,000 alerts', field: 'rssMegabytes' },
  { id: 'memory-pss', title: 'proportional memory (PSS) added by 10,000 alerts', field: 'pssMegabytes' },
] as const;

const SETTLE_MS = 10_000;
/** How often every alert is sent again, as by a Prometheus that runs for some minutes. */
const RESENDS = 3;

async function addedMemory(name: RouterName): Promise<Pick<ProcessUsage, 'rssMegabytes' | 'pssMegabytes'>> {
  let notified = 0;
  const receiver = await startReceiver(() => notified++);
  try {
    return await withRouter(
      name,
      routingConfig(receiver.url, { groupWait: '1s' }),
      async ({ client, router }) => {
        await sleep(SETTLE_MS);
        const before = usageOf(router.pid);
        for (let round = 0; round < RESENDS; round++) {
          await postAll(client);
          await sleep(2_000);
        }
        await sleep(SETTLE_MS);
        if (notified < GROUPS) throw new Error(`${name}: only ${notified} of ${GROUPS} groups were notified`);
        const after = usageOf(router.pid);
        progress(
          `${name}: ${before.rssMegabytes.toFixed(1)} → ${after.rssMegabytes.toFixed(1)} MiB resident`,
        );
        return {
          rssMegabytes: after.rssMegabytes - before.rssMegabytes,
          pssMegabytes: after.pssMegabytes - before.pssMegabytes,
        };
      },
    );
  } finally {
    receiver.close();
  }
}

export const memory: Subject = {
  ids: ROWS.map(({ id }) => id),
  async *measure({ wanted }) {
    const { theirs, ours } = await onBoth(addedMemory);
    for (const { id, title, field } of ROWS.filter(row => wanted(row.id)))
      yield { id, title, unit: 'MiB', ...lessIsBetter(theirs[field], ours[field]), goal: 1, rounds: 1 };
  },
};
