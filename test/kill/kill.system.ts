import { describe, expect, it } from 'vitest';
import { alter } from '../hops/alterations.ts';
import { eventually, getJson } from '../story/support.ts';
import type { AssembledStack } from '../swap/assemble.ts';
import { withStack } from '../swap/with-stack.ts';
import * as kinds from './kinds.ts';
import { nothingLost, startLoad, type Tally } from './load.ts';

const say = (tallies: Readonly<Record<string, Tally>>) =>
  console.log(
    Object.entries(tallies)
      .map(([name, { acknowledged, lost }]) => `${acknowledged} ${name} acknowledged, ${lost.length} lost`)
      .join('; '),
  );

const surfacesOf = ({ url }: AssembledStack): kinds.Surfaces => ({
  prometheus: url('prometheus'),
  alertmanager: url('alertmanager'),
  otlpHttp: url('otlp_http'),
  jaeger: url('jaeger'),
  receiver: url('webhook-receiver'),
});

const scrapes = async ({ url }: AssembledStack): Promise<number> => {
  const query = encodeURIComponent('sum(count_over_time(up[1h]))');
  const { data } = await getJson<{ data: { result: { value: [number, string] }[] } }>(
    url('prometheus', `/api/v1/query?query=${query}`),
  );
  return Number(data.result[0]?.value[1] ?? 0);
};

const KILLS = 4;
/** Seconds within which the Collector's batch, of a second, has been handed on, however busy the machine. */
const HANDED_ON = 30;

describe.concurrent('kill -9 under load', () => {
  it(`of the guard and the receiver, ${KILLS} times: all that was acknowledged is there`, {
    timeout: 240_000,
  }, async () => {
    await withStack('all embedded', async stack => {
      const surfaces = surfacesOf(stack);
      await eventually('a scrape', 20, async () => (await scrapes(stack)) > 0 || undefined);
      const load = startLoad({
        samples: kinds.samples(surfaces),
        spans: kinds.spans(surfaces),
        alerts: kinds.alerts(surfaces),
        silences: kinds.silences(surfaces),
        deliveries: kinds.deliveries(surfaces),
      });
      for (let kill = 0; kill < KILLS; kill += 1) {
        const before = load.acknowledged();
        await eventually(
          'a load',
          30,
          async () =>
            Object.entries(load.acknowledged()).every(([kind, count]) => count > before[kind]! + 30) ||
            undefined,
        );
        const scraped = await scrapes(stack);
        await Promise.all(['slo-guard', 'webhook-receiver'].map(name => stack.kill(name)));
        await Promise.all(['slo-guard', 'webhook-receiver'].map(name => stack.start(name)));
        expect(await scrapes(stack)).toBeGreaterThanOrEqual(scraped);
      }
      const tallies = await load.tally();
      say(tallies);
      expect(nothingLost(tallies, KILLS * 30)).toEqual([]);
    });
  });

  it('of the real Collector: what its memory held is gone, and the spans after it arrive', {
    timeout: 120_000,
  }, async () => {
    await withStack(
      'real Collector in front',
      async stack => {
        const { otlpHttp, jaeger } = surfacesOf(stack);
        const spans = kinds.spans({ otlpHttp, jaeger });
        const load = startLoad({ spans });
        const more = (count: number) =>
          eventually('spans', 30, async () => load.acknowledged().spans! >= count || undefined);
        await more(100);
        const early = load.names('spans');
        const areHandedOn = async () => (await spans.kept(early)).size === early.length || undefined;
        await eventually('the first spans behind the Collector', HANDED_ON, areHandedOn);
        await stack.kill('collector');
        const inMemory = new Set(load.names('spans').slice(early.length));
        await stack.start('collector');
        const after = load.acknowledged().spans! + 100;
        await more(after);
        const tallies = await eventually('the spans after the kill', HANDED_ON, async () => {
          const tally = await load.tally();
          return tally.spans!.lost.every(name => inMemory.has(name)) ? tally : undefined;
        });
        say(tallies);
        expect(tallies.spans!.acknowledged).toBeGreaterThanOrEqual(after);
      },
      (folder, ports) =>
        alter(folder, 'collector.yaml', config => {
          config.receivers.otlp.protocols.http = { endpoint: `127.0.0.1:${ports.otlp_http}` };
        }),
    );
  });
});
