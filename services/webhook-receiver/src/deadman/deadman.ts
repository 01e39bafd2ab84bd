import type { FaultClock } from '@slo-guard/faults';

/** `never_seen`: none came since this receiver first ran, and it is not yet late. */
export const STATES = ['never_seen', 'alive', 'late'] as const;
export type DeadManState = (typeof STATES)[number];

/** A time without heartbeats, in Unix milliseconds. */
export interface Outage {
  readonly lateSince: number;
  /** When the heartbeat came back; null while it is away. */
  readonly endedAt: number | null;
  /** What the outgoing webhook has taken of it. */
  readonly told: 'nothing' | 'late' | 'recovered';
}

/** What must survive a restart. */
export interface Memory {
  /** The last heartbeat, in Unix milliseconds; null before the first. */
  readonly lastSeen: number | null;
  /** The one under way, or the last one until its end was told; null otherwise. */
  readonly outage: Outage | null;
}

export const NOTHING_SEEN: Memory = { lastSeen: null, outage: null };

export interface DeadManOptions {
  readonly lateAfter: number;
  readonly clock: FaultClock;
  readonly memory: Memory;
  /** Whether somebody is to be told when an outage has ended; else it is forgotten then. */
  readonly tellsEnds: boolean;
  /** Called after each change, with what is to be kept. */
  readonly onChange: (memory: Memory) => void;
}

/** Expects a heartbeat again and again, and notices when it stays away. */
export interface DeadMan {
  state(): DeadManState;
  memory(): Memory;
  beat(): void;
  /** What the outgoing webhook has taken: of this outage, and no longer of interest where another began since. */
  markTold(lateSince: number, told: 'late' | 'recovered'): void;
  stop(): void;
}

const isUnderWay = (outage: Outage | null): outage is Outage => outage !== null && outage.endedAt === null;

/**
 * Patience is counted from the last heartbeat or from the start, whichever is later: what this process did not see, since
 * it was not there, does not count as missing. An outage that was under way goes on over a restart. The wait is a timer,
 * so a jump of the wall clock neither causes nor hides an outage.
 */
export function createDeadMan({
  lateAfter,
  clock,
  memory: saved,
  tellsEnds,
  onChange,
}: DeadManOptions): DeadMan {
  let memory = saved;
  let timer: { cancel(): void } | undefined;
  const change = (next: Partial<Memory>) => {
    memory = { ...memory, ...next };
    onChange(memory);
  };
  const expectNext = () => {
    timer?.cancel();
    timer = clock.after(lateAfter, () =>
      change({ outage: { lateSince: clock.now(), endedAt: null, told: 'nothing' } }),
    );
  };
  if (!isUnderWay(memory.outage)) expectNext();

  return {
    state() {
      if (isUnderWay(memory.outage)) return 'late';
      return memory.lastSeen === null ? 'never_seen' : 'alive';
    },
    memory: () => memory,
    beat() {
      const lastSeen = clock.now();
      expectNext();
      const { outage } = memory;
      if (!isUnderWay(outage)) change({ lastSeen });
      else change({ lastSeen, outage: tellsEnds ? { ...outage, endedAt: lastSeen } : null });
    },
    markTold(lateSince, told) {
      const { outage } = memory;
      if (outage?.lateSince !== lateSince) return;
      change({ outage: told === 'recovered' ? null : { ...outage, told } });
    },
    stop: () => timer?.cancel(),
  };
}
