import { type Milliseconds, messageOf } from '../core/index.ts';
import { createPass, type Pass } from './pass.ts';
import type { StoreParts } from './store-parts.ts';

export interface MaintenanceOptions {
  /** What ended before is too old. */
  cutoff(): Milliseconds;
  /** How old the log may get before a pass stores it. */
  readonly checkpointInterval: Milliseconds;
  onCheckpoint(ok: boolean): void;
  /** Chunks were dropped because of their age, or for want of room. */
  onRetention(reason: 'time' | 'size'): void;
}

/** Moves the log into chunks and drops what is too old, a slice at a time. A disk that refuses is told and counted. */
export interface Maintenance {
  /** Whether the log is so old or large that it is time to store it. */
  isDue(): boolean;
  /** A whole pass, as part of a job; false when the disk refused. Drops what ended before `cutoff`, where it is given, as well. */
  pass(stores: boolean, cutoff?: Milliseconds): Promise<boolean>;
  /** To be called after each commit: keeps the log from growing without end. */
  afterCommit(): void;
  /** A whole pass that stores, at once. */
  passNow(): void;
}

/**
 * A log beyond this is stored at once, so that an import does not wait for maintenance. Reading it back takes some
 * 300 ms; a smaller one would have the open chunks of many series written more often.
 */
const LOG_LIMIT = 16 << 20;
/** Beyond this the writer lets nobody else run, and has to do a slice itself with each commit. */
const LOG_OVERFLOW = 2 * LOG_LIMIT;
/** Commits do not try at once again what the disk refused. */
const PAUSE_AFTER_REFUSAL: Milliseconds = 60_000;
/** A series that got nothing for this long has ended as far as its open columns are concerned. */
const IDLE: Milliseconds = 3_600_000;

export function createMaintenance(parts: StoreParts, options: MaintenanceOptions): Maintenance {
  const { jobs, journal, clock, logger } = parts;
  let current: Pass | undefined;
  let isScheduled = false;
  let pausedUntil: Milliseconds = Number.NEGATIVE_INFINITY;
  let storedAt = clock.monotonic();

  function begin(stores: boolean, cutoff: Milliseconds = Number.NEGATIVE_INFINITY): Pass {
    const tooOld = options.cutoff();
    const onDropped = () => options.onRetention(cutoff > tooOld ? 'size' : 'time');
    return createPass(parts, {
      cutoff: Math.max(tooOld, cutoff),
      idleSince: clock.now() - IDLE,
      stores,
      onDropped,
    });
  }

  function onEnd({ stores }: Pass): void {
    if (!stores) return;
    storedAt = clock.monotonic();
    pausedUntil = Number.NEGATIVE_INFINITY;
    options.onCheckpoint(true);
  }

  function onRefusal(error: unknown): void {
    pausedUntil = clock.monotonic() + PAUSE_AFTER_REFUSAL;
    options.onCheckpoint(false);
    logger.error(
      { error: messageOf(error) },
      'the log could not be moved into chunks; it will be tried again',
    );
  }

  /** True when the pass is over, for good or ill. */
  function step(pass: Pass): boolean {
    try {
      if (!pass.step()) return false;
      onEnd(pass);
    } catch (error) {
      onRefusal(error);
    }
    current = undefined;
    return true;
  }

  async function pass(stores: boolean, cutoff?: Milliseconds): Promise<boolean> {
    const own = begin(stores, cutoff);
    current = own;
    // A writer may take steps as well, the last one too, or have begun a pass of its own.
    while (current === own && !step(own)) await jobs.pause();
    return clock.monotonic() >= pausedUntil;
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    jobs
      .run(() => pass(true))
      .catch(() => {})
      .finally(() => {
        isScheduled = false;
      });
  }

  return {
    isDue: () => journal.logBytes() > LOG_LIMIT || clock.monotonic() - storedAt >= options.checkpointInterval,
    pass,
    afterCommit() {
      if (journal.logBytes() <= LOG_LIMIT || clock.monotonic() < pausedUntil) return;
      schedule();
      if (journal.logBytes() <= LOG_OVERFLOW) return;
      if (!current?.stores) current = begin(true);
      step(current);
    },
    passNow() {
      const own = begin(true);
      current = own;
      while (!step(own));
    },
  };
}
