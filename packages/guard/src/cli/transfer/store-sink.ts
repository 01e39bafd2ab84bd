import type { Clock } from '../../core/index.ts';
import type { AppendOutcome } from '../../promql/index.ts';
import type { Store } from '../../tsdb/index.ts';
import type { BatchOutcome, ImportSink, Refusal } from './import-sink.ts';
import { addRefusal } from './refusals.ts';
import type { SampleBatch } from './sample-batches.ts';

type Refused = Exclude<AppendOutcome, 'appended' | 'duplicate'>;

const REASONS: Readonly<Record<Refused, string>> = {
  'out-of-order': 'out of order: the series has samples before and after it',
  'duplicate-other-value': 'another value is stored for this time',
  'out-of-bounds': 'older than the retention',
  'series-limit': 'the store holds as many series as it may',
};
const AHEAD = 'too far in the future';

/**
 * Appends to a store that this process has open, a transaction for each batch, and closes it in the end. History of a
 * series that has newer samples is put in below them.
 */
export function createStoreSink(store: Store, clock: Clock): ImportSink {
  /** What becomes of each sample of the batch. */
  function append({ series, timestamps, values }: SampleBatch): AppendOutcome[] {
    const appender = store.appender();
    const outcomes = series.map((labels, i) => appender.append(labels, timestamps[i]!, values[i]!));
    appender.commit();
    return outcomes;
  }

  async function putIn(
    { series, timestamps, values }: SampleBatch,
    late: readonly number[],
  ): Promise<AppendOutcome[]> {
    if (late.length === 0) return [];
    return store.backfill({
      series: late.map(i => series[i]!),
      timestamps: late.map(i => timestamps[i]!),
      values: late.map(i => values[i]!),
    });
  }

  return {
    async write(batch): Promise<BatchOutcome> {
      const outcomes = append(batch);
      const late = [...outcomes.keys()].filter(i => outcomes[i] === 'out-of-order');
      for (const [at, outcome] of (await putIn(batch, late)).entries()) outcomes[late[at]!] = outcome;
      const refusals: Refusal[] = [];
      let imported = 0;
      let present = 0;
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome === 'appended') imported++;
        else if (outcome === 'duplicate') present++;
        else addRefusal(refusals, batch, i, reasonOf(outcome, batch.timestamps[i]! > clock.now()));
      }
      return { imported, present, refusals };
    },
    close: async () => store.close(),
  };
}

const reasonOf = (outcome: Refused, isAhead: boolean): string =>
  outcome === 'out-of-bounds' && isAhead ? AHEAD : REASONS[outcome];
