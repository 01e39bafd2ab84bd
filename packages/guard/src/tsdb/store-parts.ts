import type { Clock, Logger } from '../core/index.ts';
import type { Head } from './head.ts';
import type { Jobs } from './jobs.ts';
import type { Journal } from './journal.ts';
import type { Unstored } from './unstored.ts';

/** What an open store is made of. */
export interface StoreParts {
  readonly head: Head;
  readonly journal: Journal;
  readonly unstored: Unstored;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly logger: Logger;
  /** To be called after each change of memory. */
  onChange(): void;
  /** To be called with series that are there no more. */
  onGone(ids: readonly number[]): void;
}
