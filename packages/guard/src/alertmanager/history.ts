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
  const histories = new Map<string, HistoryEntry[]>();

  function add(fingerprint: string, entry: Omit<HistoryEntry, 'times'>): void {
    const entries = histories.get(fingerprint) ?? [];
    histories.delete(fingerprint);
    histories.set(fingerprint, entries);
    const last = entries.at(-1);
    if (last && isSame(last, entry)) entries.splice(-1, 1, { ...entry, times: last.times + 1 });
    else entries.push({ ...entry, times: 1 });
    if (entries.length > MAX_ENTRIES) entries.shift();
    if (histories.size > MAX_ALERTS) histories.delete(histories.keys().next().value!);
  }

  return {
    add(fingerprints, entry) {
      for (const fingerprint of fingerprints) add(fingerprint, entry);
    },
    of: fingerprint => histories.get(fingerprint) ?? [],
  };
}

const isSame = (a: HistoryEntry, b: Omit<HistoryEntry, 'times'>) =>
  a.decision === b.decision &&
  a.reason === b.reason &&
  a.groupKey === b.groupKey &&
  a.receiver === b.receiver;
