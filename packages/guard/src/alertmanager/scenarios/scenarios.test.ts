import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareNotifications, EXACT } from './compare.ts';
import { createEmbeddedPlayer } from './embedded-player.ts';
import { playScenario } from './play.ts';
import { readRouterScenarios, readScenarios } from './read-scenarios.ts';
import { createReceivers } from './receivers.ts';
import type { Scenario } from './scenario.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'router-scenario-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function play(scenario: Scenario): Promise<string[]> {
  const receivers = createReceivers(scenario.shown, () => scenario.start);
  const player = createEmbeddedPlayer(scenario, receivers, join(folder, 'alertmanager.db'));
  try {
    const shown = await playScenario(scenario, player);
    return [...compareNotifications(scenario.expected, receivers.told, 'slo-guard', EXACT), ...shown];
  } finally {
    await player.stop();
  }
}

describe('the embedded router on the scenarios', () => {
  it.each(readRouterScenarios())('$name', async scenario => {
    expect(await play(scenario)).toEqual([]);
  });
});

describe('the runner of scenarios', () => {
  const head = '=== x\nroute: { receiver: page, group_wait: 1s, group_interval: 2s }\n---\n';
  const first = '1s page: firing A (first notification)';

  it.each([
    ['an unexpected notification', '0s fire A\n2s end', `nobody expected: ${first}`],
    ['a missing notification', `${first}\n2s end`, `did not come: ${first}`],
    [
      'another text',
      '0s fire A\n1s page: firing B (first notification)\n2s end',
      'did not come: 1s page: firing B (first notification)',
    ],
    [
      'another time',
      '0s fire A\n2s page: firing A (first notification)\n2s end',
      'did not come: 2s page: firing A (first notification)',
    ],
    [
      'another state',
      `0s fire A\n${first}\n1s shows A: suppressed\n2s end`,
      '1s shows A: suppressed; but it is active',
    ],
    [
      'another reason',
      `0s fire A\n${first}\n1s because A: not sent: x\n2s end`,
      '1s because A: not sent: x; but it is sent: first notification',
    ],
  ])('fails on %s', async (_what, script, problem) => {
    expect(await play(readScenarios(head + script)[0]!)).toContain(problem);
  });

  it.each([
    ['no script', '=== x\nroute: {}'],
    ['the last step must be its end', `${head}0s fire A`],
    ['steps out of order', `${head}2s fire A\n1s end`],
    ['no such step: burn', `${head}2s burn A\n3s end`],
    ['not a time: soon', `${head}soon fire A\n3s end`],
    ['not a pair: x', `${head}1s fire A x\n3s end`],
  ])('refuses what it cannot read: %s', (message, text) => {
    expect(() => readScenarios(text)).toThrow(`scenario "x": ${message}`);
  });
});
