import { progress } from '../engine/progress.ts';
import { median, moreIsBetter, type Subject } from '../engine/row.ts';
import { ACTIVE, bodiesOf, post, postAll } from './alerts.ts';
import { type BenchRouter, onBoth, routingConfig, withRouter } from './routers.ts';

const ROWS = [
  { id: 'accept-64', batch: 64 },
  { id: 'accept-1', batch: 1 },
] as const;

/** Requests under way at once. */
const CONNECTIONS = 4;
const ROUND_MS = 3_000;
const ROUNDS = 3;
/** Nothing is notified meanwhile. */
const LONG = '1h';

/** Alerts taken a second while all of them are active; the first pass over them is not counted. */
async function acceptedPerSecond({ client }: BenchRouter, batch: number): Promise<number> {
  await postAll(client);
  const bodies = bodiesOf(batch);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    let next = 0;
    const startedAt = performance.now();
    const send = async () => {
      while (performance.now() - startedAt < ROUND_MS) await post(client, bodies[next++ % bodies.length]!);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, send));
    rates.push((next * batch) / ((performance.now() - startedAt) / 1000));
  }
  return median(rates);
}

/** @throws when not every alert is there in the end */
async function assertActive({ client }: BenchRouter): Promise<void> {
  const found = JSON.parse((await client.get('/api/v2/alerts')).body).length;
  if (found !== ACTIVE) throw new Error(`${found} alerts are active instead of ${ACTIVE}`);
}

export const accept: Subject = {
  ids: ROWS.map(({ id }) => id),
  async *measure({ wanted }) {
    for (const { id, batch } of ROWS.filter(row => wanted(row.id))) {
      const { theirs, ours } = await onBoth(name =>
        withRouter(name, routingConfig(undefined, { groupWait: LONG, groupInterval: LONG }), async bench => {
          const rate = await acceptedPerSecond(bench, batch);
          await assertActive(bench);
          progress(`${name}: ${Math.round(rate)} alerts/s in batches of ${batch}`);
          return rate;
        }),
      );
      const title = `alerts accepted, ${batch} a request, 10,000 active`;
      yield { id, title, unit: 'alerts/s', ...moreIsBetter(theirs, ours), goal: 1, rounds: ROUNDS };
    }
  },
};
