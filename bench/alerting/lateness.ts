import { setTimeout as sleep } from 'node:timers/promises';
import type { RouterName } from '../../test/peers/support/router-process.ts';
import { progress } from '../engine/progress.ts';
import { lessIsBetter, median, type ReportRow, type Subject } from '../engine/row.ts';
import { bodiesOf, post, postAll, SENT_BATCH } from './alerts.ts';
import { startReceiver } from './receiver.ts';
import { onBoth, routingConfig, withRouter } from './routers.ts';

const GROUP_WAIT_MS = 2_000;
/** New groups that are measured, and the time between them. */
const PROBES = 60;
const PROBE_INTERVAL_MS = 250;
/** Every active alert is sent again about once in this time, which is Prometheus's resend delay. */
const RESEND_MS = 60_000;
/** What the issue asks for. */
const GOAL_MS = 100;

const probeBody = (index: number) =>
  JSON.stringify([{ labels: { alertname: 'Probe', service: `probe-${index}`, slo: 'latency' } }]);

/** Milliseconds by which the first notification of each new group came later than group_wait after it was posted. */
async function latenesses(name: RouterName): Promise<number[]> {
  const arrived = new Map<string, number>();
  const receiver = await startReceiver((body, at) => {
    const service: string = JSON.parse(body).groupLabels.service;
    if (!arrived.has(service)) arrived.set(service, at);
  });
  try {
    const config = routingConfig(receiver.url, { groupWait: `${GROUP_WAIT_MS}ms` });
    return await withRouter(name, config, async ({ client }) => {
      await postAll(client);
      await sleep(2 * GROUP_WAIT_MS);
      const controller = new AbortController();
      const resending = resend(controller.signal, body => post(client, body));
      const postedAt: number[] = [];
      for (let probe = 0; probe < PROBES; probe++) {
        postedAt.push(performance.now());
        await post(client, probeBody(probe));
        await sleep(PROBE_INTERVAL_MS);
      }
      await sleep(2 * GROUP_WAIT_MS);
      controller.abort();
      await resending;
      return postedAt.map((at, probe) => {
        const arrival = arrived.get(`probe-${probe}`);
        if (arrival === undefined) throw new Error(`${name}: probe ${probe} was not notified`);
        return arrival - at - GROUP_WAIT_MS;
      });
    });
  } finally {
    receiver.close();
  }
}

async function resend(signal: AbortSignal, send: (body: string) => Promise<void>): Promise<void> {
  const bodies = bodiesOf(SENT_BATCH);
  for (let next = 0; !signal.aborted; next++) {
    await send(bodies[next % bodies.length]!);
    await sleep(RESEND_MS / bodies.length);
  }
}

const ROWS = [
  { id: 'late-median', title: 'first notification later than group_wait, median of 60', of: median },
  {
    id: 'late-most',
    title: 'the same, latest of 60',
    of: (values: readonly number[]) => Math.max(...values),
  },
] as const;

/** With 10,000 active alerts that are sent again all the time. The goal is a time, not a ratio. */
export const lateness: Subject = {
  ids: ROWS.map(({ id }) => id),
  async *measure({ wanted }): AsyncGenerator<ReportRow> {
    const { theirs, ours } = await onBoth(latenesses);
    for (const { id, title, of } of ROWS.filter(row => wanted(row.id))) {
      const both = lessIsBetter(of(theirs), of(ours));
      if (both.ours > GOAL_MS) progress(`${id}: ${both.ours.toFixed(0)} ms is more than ${GOAL_MS} ms`);
      yield { id, title, unit: 'ms', ...both, goal: both.theirs / GOAL_MS, rounds: PROBES };
    }
  },
};
