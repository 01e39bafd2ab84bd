import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareNotifications } from '../../packages/guard/src/alertmanager/scenarios/compare.ts';
import { playScenario } from '../../packages/guard/src/alertmanager/scenarios/play.ts';
import { readRouterScenarios } from '../../packages/guard/src/alertmanager/scenarios/read-scenarios.ts';
import { createReceivers } from '../../packages/guard/src/alertmanager/scenarios/receivers.ts';
import type { Scenario } from '../../packages/guard/src/alertmanager/scenarios/scenario.ts';
import { startRealPlayer } from './support/router-player.ts';

/** Steps and ticks lie a second apart; a tick that is late by more than this is another one. */
const TOLERANCE = { early: 100, late: 800, loose: 3000 };
/** How many Alertmanagers run side by side. */
const AT_ONCE = 28;
const AT_ONCE_AGAIN = 4;
/** More than these are no matter of the machine. */
const MOST_PLAYED_AGAIN = 12;
/** Starting one costs a tenth of a second of a processor; all at once they would start each other late. */
const STARTS_AT_ONCE = 4;

const scenarios = readRouterScenarios().filter(({ virtualOnly }) => virtualOnly === undefined);
const problems = new Map<string, readonly string[]>();
let folder: string;
let plays = 0;

async function play(scenario: Scenario, ready: () => void): Promise<readonly string[]> {
  const player = await startRealPlayer(
    scenario,
    startedAt => createReceivers(scenario.shown, startedAt),
    join(folder, String(plays++)),
  ).finally(ready);
  try {
    const shown = await playScenario(scenario, player);
    const { told } = player.receivers;
    return [...compareNotifications(scenario.expected, told, 'alertmanager', TOLERANCE), ...shown];
  } finally {
    await player.stop();
  }
}

/** Plays them, so many side by side, the longest first. */
async function playAll(list: readonly Scenario[], atOnce: number): Promise<void> {
  const waiting = list.toSorted((a, b) => b.end - a.end);
  const starts = createGate(STARTS_AT_ONCE);
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let scenario = waiting.shift(); scenario; scenario = waiting.shift()) {
        const done = await starts();
        problems.set(scenario.name, await play(scenario, done).catch(error => [String(error)]));
      }
    }),
  );
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slo-guard-router-scenarios-'));
  await playAll(scenarios, AT_ONCE);
  // A machine that is busy makes steps and ticks late; what differs is played again with little beside it.
  const differing = scenarios.filter(({ name }) => problems.get(name)!.length > 0);
  if (differing.length <= MOST_PLAYED_AGAIN) await playAll(differing, AT_ONCE_AGAIN);
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the real Alertmanager on the scenarios of the router', () => {
  it.each(scenarios)('$name', ({ name }) => {
    expect(problems.get(name)).toEqual([]);
  });
});

/** Lets so many through at once; each says when it is done. */
function createGate(places: number): () => Promise<() => void> {
  let free = places;
  const queue: Array<() => void> = [];
  const leave = () => {
    const next = queue.shift();
    if (next) next();
    else free++;
  };
  return async () => {
    if (free > 0) free--;
    else await new Promise<void>(resolve => queue.push(resolve));
    return leave;
  };
}
