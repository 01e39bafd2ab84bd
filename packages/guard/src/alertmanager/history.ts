import type { Milliseconds } from '../core/index.ts';

/** One decision about one alert, in words: "not sent: inhibited by 1f2e…". */
export interface HistoryEntry {
  readonly at: Milliseconds;
  readonly groupKey: string;
  readonly receiver: string;
  readonly decision: 'sent' | 'not sent' | 'failed';
  readonly reason: string;
  /** Of what was sent: what the receiver said to it, such as `status 200` or `status 200 at attempt 3`. */
  readonly answer?: string;
  /** How often this was decided in a row; `at` is the last time. */
  readonly times: number;
}

/** What is remembered of an alert, newest last. */
const MAX_ENTRIES = 50;
/** Of how many alerts; the one not heard of for longest goes first. */
const MAX_ALERTS = 10_000;

export interface History {
  add(fingerprints: readonly string[], entry: Omit<HistoryEntry, 'times'>): void;
  /** Oldest first; empty when nothing is remembered. */
  of(fingerprint: string): readonly HistoryEntry[];
}

export function createHistory(): History {
  const histories = new Map<string, readonly HistoryEntry[]>();

  function add(fingerprint: string, entryAt: (times: number) => HistoryEntry): void {
    const entries = histories.get(fingerprint) ?? [];
    const last = entries.at(-1);
    const repeats = last !== undefined && isSame(last, entryAt(1));
    const before = repeats ? entries.slice(0, -1) : entries.slice(1 - MAX_ENTRIES);
    histories.delete(fingerprint);
    // What `concat` gives has no room for more, which most alerts would never use.
    histories.set(fingerprint, before.concat(entryAt(repeats ? last.times + 1 : 1)));
    if (histories.size > MAX_ALERTS) histories.delete(histories.keys().next().value!);
  }

  return {
    add(fingerprints, entry) {
      const entryAt = shared(entry);
      for (const fingerprint of fingerprints) add(fingerprint, entryAt);
    },
    of: fingerprint => histories.get(fingerprint) ?? [],
  };
}

/** One entry for all alerts that it came to equally often. */
function shared(entry: Omit<HistoryEntry, 'times'>): (times: number) => HistoryEntry {
  const made = new Map<number, HistoryEntry>();
  return times => {
    const known = made.get(times);
    if (known) return known;
    const fresh = { ...entry, times };
    made.set(times, fresh);
    return fresh;
  };
}

const isSame = (a: HistoryEntry, b: HistoryEntry) =>
  a.decision === b.decision &&
  a.reason === b.reason &&
  a.groupKey === b.groupKey &&
  a.receiver === b.receiver;
