import { type AppendOutcome, fitsCommitted } from '../promql/storage.ts';
import { type KnownSeries, shownLabels } from './series-identity.ts';
import type { SeriesScanner } from './series-scanner.ts';
import type { Tally } from './tally.ts';
import {
  type AppendContext,
  MAX_AHEAD_MS,
  NEW_SERIES_WEIGHT,
  RequestRefused,
  type Transaction,
  type WriteVersion,
} from './transaction.ts';

/** Appends the samples of one series after another. */
export class SampleAppender {
  readonly #scanner: SeriesScanner;
  readonly #version: WriteVersion;
  readonly #context: AppendContext;
  readonly #tally: Tally;
  #series: KnownSeries | undefined;
  /** Samples of the series that were taken. */
  appended = 0;

  constructor(scanner: SeriesScanner, version: WriteVersion, context: AppendContext, tally: Tally) {
    this.#scanner = scanner;
    this.#version = version;
    this.#context = context;
    this.#tally = tally;
  }

  /** Samples of a series that is undefined are passed over. */
  begin(series: KnownSeries | undefined): void {
    this.#series = series;
    this.appended = 0;
  }

  /** Appends no more than so many samples; true when all of the series are done. */
  append(most: number): boolean {
    const scanner = this.#scanner;
    const series = this.#series;
    if (!series) return this.#passOver(most);
    const { labels } = series;
    const transaction = this.#context.transaction();
    const { appender } = transaction;
    for (let i = 0; i < most; i++) {
      if (!scanner.nextSample()) return true;
      const outcome = scanner.isStale
        ? appender.appendStale(labels, scanner.timestamp)
        : appender.append(labels, scanner.timestamp, scanner.value);
      if (outcome === 'appended') this.#take(series, transaction);
      else this.#judge(series, outcome, transaction);
    }
    return false;
  }

  #passOver(most: number): boolean {
    for (let i = 0; i < most; i++) if (!this.#scanner.nextSample()) return true;
    return false;
  }

  #take(series: KnownSeries, transaction: Transaction): void {
    transaction.weight += series.isStored ? 1 : NEW_SERIES_WEIGHT;
    series.transaction = transaction.id;
    series.isStored = true;
    this.#count();
  }

  #count(): void {
    this.appended++;
    this.#tally.samples++;
  }

  #judge(series: KnownSeries, outcome: Exclude<AppendOutcome, 'appended'>, transaction: Transaction): void {
    if (outcome !== 'out-of-bounds' && outcome !== 'series-limit') series.isStored = true;
    if (outcome === 'duplicate' || this.#isOvertakenByOwn(series, outcome, transaction)) {
      this.#count();
      return;
    }
    const reason = this.#reason(outcome);
    if (this.#version === 1 && outcome !== 'series-limit') throw new RequestRefused(reason);
    this.#tally.problem(`${reason} for series ${shownLabels(series.labels)}`);
  }

  #isOvertakenByOwn(
    { labels, transaction }: KnownSeries,
    outcome: AppendOutcome,
    { id }: Transaction,
  ): boolean {
    if (transaction !== id || outcome === 'out-of-bounds') return false;
    const { timestamp, value, isStale } = this.#scanner;
    return fitsCommitted(this.#context.appendable, labels, timestamp, isStale ? 'stale' : value);
  }

  #reason(outcome: Exclude<AppendOutcome, 'appended' | 'duplicate'>): string {
    const { timestamp, value } = this.#scanner;
    if (outcome !== 'out-of-bounds') return REASONS[outcome](timestamp, value);
    const isAhead = timestamp > this.#context.clock.now() + MAX_AHEAD_MS;
    return isAhead ? 'out of bounds: timestamp is too far in the future' : 'out of bounds';
  }
}

const REASONS = {
  'out-of-order': () => 'out of order sample',
  'duplicate-other-value': (timestamp: number, value: number) =>
    `duplicate sample for timestamp ${timestamp}; overrides not allowed: new value ${value}`,
  'series-limit': () => 'the store holds as many series as it is allowed to (limit maxSeries)',
} as const;
