import { type Milliseconds, messageOf } from '../core/index.ts';
import { createPass, type Pass, type PassBounds } from './pass.ts';
import type { StoreParts } from './store-parts.ts';

export interface MaintenanceOptions {
  /** What is too old by now, and idle. */
  bounds(): PassBounds;
  onCheckpoint(ok: boolean): void;
}

/** Moves the log into chunks and drops what is too old, a slice at a time. A disk that refuses is told and counted. */
export interface Maintenance {
  /** A whole pass, as part of a job; false when the disk refused. */
  pass(): Promise<boolean>;
  /** To be called after each commit: keeps the log from growing without end. */
  afterCommit(): void;
  /** A whole pass at once. */
  passNow(): void;
}

/** A log beyond this is moved into chunks at once, so that an import does not wait for maintenance. */
const LOG_LIMIT = 8 << 20;
/** Beyond this the writer lets nobody else run, and has to do a slice itself with each commit. */
const LOG_OVERFLOW = 2 * LOG_LIMIT;
/** Commits do not try at once again what the disk refused. */
const PAUSE_AFTER_REFUSAL: Milliseconds = 60_000;

export function createMaintenance(
  parts: StoreParts,
  { bounds, onCheckpoint }: MaintenanceOptions,
): Maintenance {
  const { jobs, journal, clock, logger } = parts;
  let current: Pass | undefined;
  let isScheduled = false;
  let pausedUntil: Milliseconds = Number.NEGATIVE_INFINITY;

  /** True when the pass is over, for good or ill. */
  function step(): boolean {
    current ??= createPass(parts, bounds());
    try {
      if (!current.step()) return false;
      onCheckpoint(true);
      pausedUntil = Number.NEGATIVE_INFINITY;
    } catch (error) {
      onCheckpoint(false);
      pausedUntil = clock.monotonic() + PAUSE_AFTER_REFUSAL;
      logger.error(
        { error: messageOf(error) },
        'the log could not be moved into chunks; it will be tried again',
      );
    }
    current = undefined;
    return true;
  }

  async function pass(): Promise<boolean> {
    current = createPass(parts, bounds());
    // A writer may take steps as well, and the last one.
    for (const own = current; current === own && !step(); ) await jobs.pause();
    return pausedUntil === Number.NEGATIVE_INFINITY;
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    jobs
      .run(pass)
      .catch(() => {})
      .finally(() => {
        isScheduled = false;
      });
  }

  return {
    pass,
    afterCommit() {
      if (journal.logBytes() <= LOG_LIMIT || clock.monotonic() < pausedUntil) return;
      schedule();
      if (journal.logBytes() > LOG_OVERFLOW) step();
    },
    passNow() {
      current = undefined;
      while (!step());
    },
  };
}
