import { describe, expect, it } from 'vitest';
import { createDeadMan, type Memory, NOTHING_SEEN } from './deadman.ts';
import { deadManSettingsFromEnv } from './settings.ts';
import { createVirtualClock, START } from './virtual-clock.testing.ts';

const LATE_AFTER = 120_000;

function startDeadMan(memory: Memory = NOTHING_SEEN, tellsEnds = true) {
  const clock = createVirtualClock();
  const saved: Memory[] = [];
  const deadMan = createDeadMan({
    lateAfter: LATE_AFTER,
    clock,
    memory,
    tellsEnds,
    onChange: next => saved.push(next),
  });
  return { clock, deadMan, saved };
}

describe('a dead man', () => {
  it('is alive while heartbeats come, however long', () => {
    const { clock, deadMan } = startDeadMan();
    expect(deadMan.state()).toBe('never_seen');
    for (let i = 0; i < 100; i++) {
      deadMan.beat();
      expect(deadMan.state()).toBe('alive');
      clock.advance(LATE_AFTER - 1);
      expect(deadMan.state()).toBe('alive');
    }
  });

  it('is late exactly when patience has run out, and alive with the next heartbeat', () => {
    const { clock, deadMan } = startDeadMan();
    deadMan.beat();
    clock.advance(LATE_AFTER - 1);
    expect(deadMan.state()).toBe('alive');
    clock.advance(1);
    expect(deadMan.state()).toBe('late');
    expect(deadMan.memory()).toEqual({
      lastSeen: START,
      outage: { lateSince: START + LATE_AFTER, endedAt: null, told: 'nothing' },
    });
    clock.advance(10 * LATE_AFTER);
    expect(deadMan.memory().outage?.lateSince, 'one outage, not ten').toBe(START + LATE_AFTER);
    deadMan.beat();
    expect(deadMan.state()).toBe('alive');
    expect(deadMan.memory().outage).toMatchObject({ endedAt: START + 11 * LATE_AFTER });
  });

  it('is late as well when the first heartbeat never comes', () => {
    const { clock, deadMan } = startDeadMan();
    clock.advance(LATE_AFTER);
    expect(deadMan.state()).toBe('late');
    expect(deadMan.memory().lastSeen).toBeNull();
  });

  it('gives a heartbeat its time again after a restart, but ends no outage by one', () => {
    const long = { lastSeen: START - 3_600_000, outage: null };
    const back = startDeadMan(long);
    expect(back.deadMan.state()).toBe('alive');
    back.clock.advance(LATE_AFTER);
    expect(back.deadMan.state()).toBe('late');

    const again = startDeadMan(back.saved.at(-1)!);
    expect(again.deadMan.state()).toBe('late');
    again.clock.advance(LATE_AFTER);
    expect(again.saved, 'nothing new').toEqual([]);
    again.deadMan.beat();
    expect(again.deadMan.state()).toBe('alive');
  });

  it('keeps an outage until its end was told, and forgets it at once where nobody is', () => {
    const { clock, deadMan } = startDeadMan();
    clock.advance(LATE_AFTER);
    const since = START + LATE_AFTER;
    deadMan.markTold(since, 'late');
    deadMan.beat();
    deadMan.markTold(since - 1, 'recovered');
    expect(deadMan.memory().outage?.told, 'not for another outage').toBe('late');
    deadMan.markTold(since, 'recovered');
    expect(deadMan.memory().outage).toBeNull();

    const silent = startDeadMan(NOTHING_SEEN, false);
    silent.clock.advance(LATE_AFTER);
    silent.deadMan.beat();
    expect(silent.deadMan.memory().outage).toBeNull();
  });
});

describe('the settings', () => {
  it('are those of the environment', () => {
    expect(deadManSettingsFromEnv({})).toEqual({ interval: 30_000, lateAfter: 120_000 });
    expect(
      deadManSettingsFromEnv({
        DEADMAN_INTERVAL_SECONDS: '0.5',
        DEADMAN_LATE_AFTER_SECONDS: '3',
        DEADMAN_WEBHOOK_URL: 'https://example.org/x',
      }),
    ).toEqual({ interval: 500, lateAfter: 3_000, webhookUrl: new URL('https://example.org/x') });
  });

  it.each([
    [{ DEADMAN_INTERVAL_SECONDS: 'soon' }, 'DEADMAN_INTERVAL_SECONDS=soon must be a number'],
    [{ DEADMAN_LATE_AFTER_SECONDS: '30' }, 'must be more than DEADMAN_INTERVAL_SECONDS'],
    [{ DEADMAN_LATE_AFTER_SECONDS: '9999999' }, 'at most 604800'],
    [{ DEADMAN_WEBHOOK_URL: 'file:///etc/secret' }, 'DEADMAN_WEBHOOK_URL must be an http or https URL'],
    [{ DEADMAN_WEBHOOK_URL: 'https://u:secret@h/' }, 'must not hold a user or a password'],
  ])('%j are refused, without telling the URL', (env, message) => {
    const run = () => deadManSettingsFromEnv(env);
    expect(run).toThrow(message);
    expect(run).not.toThrow('secret');
  });
});
