import type { Clock } from '../../core/index.ts';
import type { AppendOutcome } from '../../promql/index.ts';
import type { Store } from '../../tsdb/index.ts';
import type { BatchOutcome, ImportSink, Refusal } from './import-sink.ts';
import { readFromStore, storedValues } from './presence.ts';
import { addRefusal } from './refusals.ts';
import type { SampleBatch } from './sample-batches.ts';

type Refused = Exclude<AppendOutcome, 'appended' | 'duplicate'>;

const REASONS: Readonly<Record<Refused, string>> = {
  'out-of-order': 'out of order: the series has newer samples',
  'duplicate-other-value': 'another value is stored for this time',
  'out-of-bounds': 'older than the retention',
  'series-limit': 'the store holds as many series as it may',
};
const AHEAD = 'too far in the future';

/** Appends to a store that this process has open, a transaction for each batch, and closes it in the end. */
export function createStoreSink(store: Store, clock: Clock): ImportSink {
  /** What becomes of each sample of the batch. */
  function append({ series, timestamps, values }: SampleBatch): AppendOutcome[] {
    const appender = store.appender();
    const outcomes = series.map((labels, i) => appender.append(labels, timestamps[i]!, values[i]!));
    appender.commit();
    return outcomes;
  }

  return {
    async write(batch): Promise<BatchOutcome> {
      const { timestamps, values } = batch;
      const outcomes = append(batch);
      const late = [...outcomes.keys()].filter(i => outcomes[i] === 'out-of-order');
      const stored = await storedValues(batch, late, readFromStore(store));
      const refusals: Refusal[] = [];
      let imported = 0;
      let present = 0;
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome === 'appended') imported++;
        else if (outcome === 'duplicate' || Object.is(stored(i), values[i])) present++;
        else addRefusal(refusals, batch, i, reasonOf(outcome, timestamps[i]! > clock.now()));
      }
      return { imported, present, refusals };
    },
    close: async () => store.close(),
  };
}

const reasonOf = (outcome: Refused, isAhead: boolean): string =>
  outcome === 'out-of-bounds' && isAhead ? AHEAD : REASONS[outcome];
