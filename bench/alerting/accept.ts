import { ROUTER_NAMES, type RouterName } from '../../test/peers/support/router-process.ts';
import { progress } from '../engine/progress.ts';
import { lessIsBetter, median, moreIsBetter, type Subject } from '../engine/row.ts';
import { usageOf } from '../stack/process-usage.ts';
import { ACTIVE, bodiesOf, post, postAll } from './alerts.ts';
import { type BenchRouter, routingConfig, withBoth } from './routers.ts';

/** A sender that says again what is known, and one that says what is new each time. */
const WORK = [
  { id: 'accept-64', batch: 64, isNew: false, count: 64_000 },
  { id: 'accept-1', batch: 1, isNew: false, count: 8_000 },
  { id: 'accept-new-64', batch: 64, isNew: true, count: 12_800 },
  { id: 'accept-new-1', batch: 1, isNew: true, count: 2_000 },
] as const;
type Work = (typeof WORK)[number];

const cpuId = ({ id }: Work) => `${id}-cpu`;

/** Requests under way at once. */
const CONNECTIONS = 4;
const ROUNDS = 5;
/** Nothing is notified meanwhile. */
const LONG = '1h';

/** What one round came to. */
interface Round {
  /** Alerts a second. */
  readonly rate: number;
  /** Of the router's process, microseconds an alert. */
  readonly cpu: number;
}

function bodiesOfRound({ batch, isNew, count }: Work, round: number): string[] {
  if (isNew) return bodiesOf(batch, ACTIVE + round * count, count);
  const known = bodiesOf(batch);
  return Array.from({ length: count / batch }, (_, i) => known[i % known.length]!);
}

async function sendAll({ client, router }: BenchRouter, bodies: readonly string[], count: number) {
  let next = 0;
  const before = usageOf(router.pid).cpuSeconds;
  const startedAt = performance.now();
  const send = async () => {
    while (next < bodies.length) await post(client, bodies[next++]!);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, send));
  const rate = count / ((performance.now() - startedAt) / 1000);
  return { rate, cpu: ((usageOf(router.pid).cpuSeconds - before) * 1e6) / count };
}

/** Both take the same in turn; the first pass over the active alerts is not counted. */
async function alternate(
  routers: Readonly<Record<RouterName, BenchRouter>>,
  work: Work,
): Promise<Record<RouterName, Round>> {
  const rounds: Record<RouterName, Round[]> = { alertmanager: [], 'slo-guard': [] };
  for (const name of ROUTER_NAMES) await postAll(routers[name].client);
  for (let round = 0; round < ROUNDS; round++) {
    const bodies = bodiesOfRound(work, round);
    for (const name of ROUTER_NAMES) rounds[name].push(await sendAll(routers[name], bodies, work.count));
  }
  const expected = ACTIVE + (work.isNew ? ROUNDS * work.count : 0);
  for (const name of ROUTER_NAMES) await assertActive(name, routers[name], expected);
  const middle = (name: RouterName): Round => ({
    rate: median(rounds[name].map(({ rate }) => rate)),
    cpu: median(rounds[name].map(({ cpu }) => cpu)),
  });
  return { alertmanager: middle('alertmanager'), 'slo-guard': middle('slo-guard') };
}

/** @throws when not every alert is there in the end */
async function assertActive(name: RouterName, { client }: BenchRouter, expected: number): Promise<void> {
  const found = JSON.parse((await client.get('/api/v2/alerts')).body).length;
  if (found !== expected) throw new Error(`${name}: ${found} alerts are active instead of ${expected}`);
}

export const accept: Subject = {
  ids: WORK.flatMap(work => [work.id, cpuId(work)]),
  async *measure({ wanted }) {
    for (const work of WORK.filter(each => wanted(each.id) || wanted(cpuId(each)))) {
      const config = routingConfig(undefined, { groupWait: LONG, groupInterval: LONG });
      const { alertmanager: theirs, 'slo-guard': ours } = await withBoth(config, routers =>
        alternate(routers, work),
      );
      progress(`${work.id}: ${Math.round(theirs.rate)} and ${Math.round(ours.rate)} alerts/s`);
      const what = `${work.isNew ? 'new alerts' : 'alerts sent again'}, ${work.batch} a request`;
      const common = { goal: 1, rounds: ROUNDS };
      if (wanted(work.id))
        yield {
          id: work.id,
          title: `accepted: ${what}, from 10,000 active`,
          unit: 'alerts/s',
          ...moreIsBetter(theirs.rate, ours.rate),
          ...common,
        };
      if (wanted(cpuId(work)))
        yield {
          id: cpuId(work),
          title: `CPU an alert: ${what}`,
          unit: 'µs',
          ...lessIsBetter(theirs.cpu, ours.cpu),
          ...common,
        };
    }
  },
};
