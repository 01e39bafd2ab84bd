import { createLogUpdate } from 'log-update';
import type { Clock } from '../../core/index.ts';

/** A line on a terminal that tells how far a long command is; nothing elsewhere. */
export interface Progress {
  /** Shows the line, unless one was shown a moment ago. */
  show(line: () => string): void;
  /** Takes the line away. */
  clear(): void;
}

const INTERVAL_MS = 200;

export function createProgress(clock: Clock, output: NodeJS.WriteStream): Progress {
  if (output.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  const update = createLogUpdate(output);
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    show(line) {
      if (clock.monotonic() - shownAt < INTERVAL_MS) return;
      shownAt = clock.monotonic();
      update(line());
    },
    clear: () => update.clear(),
  };
}
