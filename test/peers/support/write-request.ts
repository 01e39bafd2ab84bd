import {
  encodeWriteRequest,
  snappyCompress,
  WRITE_HEADERS,
  type WrittenSample,
} from '../../../packages/guard/src/remote-write/testing.ts';
import type { HttpClient } from './http-client.ts';

/** One series as it is sent: columns in order of time. */
export interface SentSeries {
  /** Names and values in turn, sorted by name. */
  readonly labels: readonly string[];
  /** Unix milliseconds. */
  readonly timestamps: ArrayLike<number>;
  readonly values: Float64Array;
}

/** The compressed body of a remote-write 1.0 request. */
export const writeBody = (series: readonly SentSeries[]): Buffer =>
  snappyCompress(
    encodeWriteRequest({
      series: series.map(one => ({ labels: pairsOf(one.labels), samples: samplesOf(one) })),
    }),
  );

function pairsOf(flat: readonly string[]): Array<readonly [string, string]> {
  const pairs: Array<readonly [string, string]> = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i]!, flat[i + 1]!]);
  return pairs;
}

/** A NaN goes by its bits: a staleness marker's would not survive as a number. */
function samplesOf({ timestamps, values }: SentSeries): WrittenSample[] {
  const bits = new BigUint64Array(values.buffer, values.byteOffset, values.length);
  return Array.from(values, (value, i) => ({
    timestamp: timestamps[i]!,
    value,
    ...(Number.isNaN(value) && { bits: bits[i]! }),
  }));
}

/** Sends a body of `writeBody`. @throws when it is not taken whole */
export async function remoteWrite(client: HttpClient, body: Buffer): Promise<void> {
  const { status, body: told } = await client.post('/api/v1/write', body, WRITE_HEADERS[1]);
  if (status >= 300) throw new Error(`remote write answered ${status}: ${told}`);
}
