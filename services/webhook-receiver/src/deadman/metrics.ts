import { Counter, Gauge, type OpenMetricsContentType, type Registry } from 'prom-client';
import { type DeadMan, STATES } from './deadman.ts';
import type { DeadManSettings } from './settings.ts';

/** What became of a request to the heartbeat's path; `resolved` is taken and is no heartbeat. */
export const BEAT_OUTCOMES = ['accepted', 'resolved', 'invalid'] as const;

export interface DeadManMetrics {
  onBeat(outcome: (typeof BEAT_OUTCOMES)[number]): void;
  onMessage(outcome: 'delivered' | 'failed'): void;
  onUnwritten(): void;
}

export function createDeadManMetrics(
  registry: Registry<OpenMetricsContentType>,
  deadMan: DeadMan,
  { interval, lateAfter }: DeadManSettings,
): DeadManMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ name, help, registers }).set(value);
  gauge('deadman_expected_interval_seconds', 'How often a heartbeat is expected.', interval / 1000);
  gauge(
    'deadman_late_after_seconds',
    'After this long without one, heartbeats count as late.',
    lateAfter / 1000,
  );
  new Gauge({
    name: 'deadman_state',
    help: '1 for the state that the heartbeat is in.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of STATES) this.set({ state }, deadMan.state() === state ? 1 : 0);
    },
  });
  new Gauge({
    name: 'deadman_last_heartbeat_timestamp_seconds',
    help: 'When the last heartbeat came; absent before the first.',
    registers,
    collect() {
      const { lastSeen } = deadMan.memory();
      if (lastSeen === null) this.remove();
      else this.set(lastSeen / 1000);
    },
  });
  const beats = new Counter({
    name: 'deadman_heartbeats_total',
    help: 'Requests to the path of the heartbeat by what became of them.',
    labelNames: ['outcome'],
    registers,
  });
  const messages = new Counter({
    name: 'deadman_messages_total',
    help: 'Attempts to tell the outgoing webhook by their outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const unwritten = new Counter({
    name: 'deadman_state_write_failures_total',
    help: 'Times that the state could not be written; a restart then knows an older one.',
    registers,
  });
  for (const outcome of BEAT_OUTCOMES) beats.inc({ outcome }, 0);
  for (const outcome of ['delivered', 'failed']) messages.inc({ outcome }, 0);
  return {
    onBeat: outcome => beats.inc({ outcome }),
    onMessage: outcome => messages.inc({ outcome }),
    onUnwritten: () => unwritten.inc(),
  };
}
