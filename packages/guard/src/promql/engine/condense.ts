import type { RunSummary, RunVisitor, SampleBuffer, Samples } from '../storage.ts';
import { withoutStale } from './windows.ts';

/**
 * A window in as few samples as its function needs: stretches that the store knows by their summaries are replaced by
 * samples that come to the same, bit for bit. Without staleness markers.
 */
export interface CondensedWindow {
  readonly samples: Samples;
  /** Samples that the window has. */
  readonly count: number;
  /** Changes or resets between neighbours that the samples here do not show; may be negative. */
  readonly pairs: number;
}

/** Where a function puts what stands for a run. */
export interface Stand {
  push(time: number, value: number): void;
  addPairs(pairs: number): void;
}

/** How the windows of one function are condensed. */
export interface CondenseWindow {
  /** Puts in the place of a run what the function needs of it; false when it needs the samples themselves. */
  replace(run: Readonly<RunSummary>, into: Stand): boolean;
  /** Whether the function's value on the condensed window is the same to the last bit; always, by default. */
  readonly isExact?: (window: CondensedWindow) => boolean;
}

function pushEnds(run: Readonly<RunSummary>, into: Stand): true {
  into.push(run.firstTime, run.first);
  if (run.count > 1) into.push(run.lastTime, run.last);
  return true;
}

function pushOne(time: number, value: number, into: Stand): true {
  into.push(time, value);
  return true;
}

/** The first and the last sample: what lies between does not count. */
export const byEnds: CondenseWindow = { replace: pushEnds };

/** The same unless the counter was reset within: then every sample before a reset counts. */
export const byEndsOfRise: CondenseWindow = {
  replace: (run, into) => run.resets === 0 && pushEnds(run, into),
};

/** Pairs are counted by the store; the pair that the two ends make here is none of them. */
const byPairs = (
  counted: 'changes' | 'resets',
  isPair: (first: number, last: number) => boolean,
): CondenseWindow => ({
  replace(run, into) {
    into.addPairs(run[counted] - (run.count > 1 && isPair(run.first, run.last) ? 1 : 0));
    return pushEnds(run, into);
  },
});

export const byChanges = (isChange: (first: number, last: number) => boolean) => byPairs('changes', isChange);
export const byResets = byPairs('resets', (first, last) => last < first);

export const byMin: CondenseWindow = { replace: (run, into) => pushOne(run.firstTime, run.min, into) };
export const byMax: CondenseWindow = { replace: (run, into) => pushOne(run.firstTime, run.max, into) };

/** Half of what a sum of integers may come to and be exact: the other half is for the partial sums within a run. */
const LARGEST_EXACT = 2 ** 52;

/** The sum of each run, where no order of adding gives another. */
export const bySum: CondenseWindow = {
  replace: (run, into) => !Number.isNaN(run.sum) && pushOne(run.firstTime, run.sum, into),
  isExact({ samples: { values, start, end }, count }) {
    // Nothing stands for anything else: the order of adding is the window's own.
    if (count === end - start) return true;
    let size = 0;
    for (let i = start; i < end; i++) {
      const value = values[i]!;
      if (!Number.isInteger(value) || Object.is(value, -0)) return false;
      size += Math.abs(value);
    }
    return size < LARGEST_EXACT;
  },
};

/** One condenser serves all windows of a query, one after the other. */
export interface Condenser {
  /** The window of the samples that `visit` tells of; undefined when it must be read in full. */
  condense(visit: (visitor: RunVisitor) => void, how: CondenseWindow): CondensedWindow | undefined;
}

/** `buffer` is the condenser's own: windows lie in it until the next one. */
export function createCondenser(buffer: SampleBuffer): Condenser {
  let size = 0;
  let count = 0;
  let pairs = 0;

  const stand: Stand = {
    push(time, value) {
      if (size === buffer.timestamps.length) grow(buffer);
      buffer.timestamps[size] = time;
      buffer.values[size++] = value;
    },
    addPairs(more) {
      pairs += more;
    },
  };

  function take(read: Samples): void {
    const { timestamps, values, start, end } = withoutStale(read);
    while (size + end - start > buffer.timestamps.length) grow(buffer);
    for (let i = start; i < end; i++) {
      buffer.timestamps[size] = timestamps[i]!;
      buffer.values[size++] = values[i]!;
    }
    count += end - start;
  }

  return {
    condense(visit, { replace, isExact }) {
      size = 0;
      count = 0;
      pairs = 0;
      visit({
        samples: take,
        summary(run) {
          if (!replace(run, stand)) return false;
          count += run.count;
          return true;
        },
      });
      const { timestamps, values } = buffer;
      const window = { samples: { timestamps, values, start: 0, end: size }, count, pairs };
      return isExact && !isExact(window) ? undefined : window;
    },
  };
}

function grow(buffer: SampleBuffer): void {
  const { timestamps, values } = buffer;
  buffer.reserve(timestamps.length * 2);
  buffer.timestamps.set(timestamps);
  buffer.values.set(values);
}
