import type { Labels, Milliseconds } from '../../core/index.ts';
import type { PrometheusClient } from '../prometheus/client.ts';
import { decodeQueryData } from '../prometheus/query-result.ts';
import type { SampleBatch } from './sample-batches.ts';
import { equals } from './selectors.ts';

/** Values by timestamp. */
type Stored = ReadonlyMap<Milliseconds, number>;

/** Reads what is stored of one series; bounds inclusive. */
export type ReadStored = (labels: Labels, from: Milliseconds, to: Milliseconds) => Stored | Promise<Stored>;

/**
 * Finds what is stored at the times of the samples in question: an import that was broken off, or is made again, brings
 * samples that are refused as too late and yet are there.
 *
 * @param indices of the samples within the batch
 */
export async function storedValues(
  { series, timestamps }: SampleBatch,
  indices: readonly number[],
  read: ReadStored,
): Promise<(index: number) => number | undefined> {
  const spans = new Map<string, { labels: Labels; from: Milliseconds; to: Milliseconds }>();
  for (const i of indices) {
    const labels = series[i]!;
    const { from, to } = spans.get(labels.key) ?? { from: timestamps[i]!, to: timestamps[i]! };
    spans.set(labels.key, {
      labels,
      from: Math.min(from, timestamps[i]!),
      to: Math.max(to, timestamps[i]!),
    });
  }
  const stored = new Map<string, Stored>();
  for (const [key, { labels, from, to }] of spans) stored.set(key, await read(labels, from, to));
  return index => stored.get(series[index]!.key)?.get(timestamps[index]!);
}

/** Reads from a server. @throws UserError of `PrometheusClient` */
export function readFromServer(client: PrometheusClient): ReadStored {
  return async (labels, from, to) => {
    const selector = `{${[...labels].map(([name, value]) => equals(name, value)).join(',')}}`;
    const parameters = { query: `${selector}[${to - from + 1}ms]`, time: String(to / 1000) };
    const data = decodeQueryData((await client.ask('query', parameters)).data);
    const found = 'series' in data ? data.series.find(series => series.labels.equals(labels)) : undefined;
    return new Map(found?.timestamps.map((time, i) => [time, found.values[i]!]));
  };
}
