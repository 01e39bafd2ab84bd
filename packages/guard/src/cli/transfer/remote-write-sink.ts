import { type Clock, goQuote, type Labels, type Milliseconds, UserError } from '../../core/index.ts';
import {
  encodeWriteRequest,
  encodeWriteRequestV2,
  snappyCompress,
  WRITE_HEADERS,
  type WrittenSeries,
} from '../../remote-write/index.ts';
import type { PrometheusClient, SendAnswer } from '../prometheus/client.ts';
import type { ImportSink, Refusal } from './import-sink.ts';
import { readFromServer, storedValues } from './presence.ts';
import { addRefusal, type ToldReasons, toldReasons } from './refusals.ts';
import type { SampleBatch } from './sample-batches.ts';

/** How many samples a receiver of version 2 wrote (remote write 2.0, "Required written response headers"). */
const WRITTEN_HEADER = 'x-prometheus-remote-write-samples-written';
/** Waits before a request is sent again that the server could not carry out. */
const RETRIES_MS: readonly Milliseconds[] = [500, 1_000, 2_000, 4_000, 8_000];

/**
 * Sends to any receiver of remote write, a request for each batch, one after the other. Version 2 is tried first: it
 * stores what is good in a request that also holds bad samples, and says how many.
 */
export function createRemoteWriteSink(
  client: PrometheusClient,
  clock: Clock,
  signal?: AbortSignal,
): ImportSink {
  let version: 1 | 2 = 2;

  async function post(series: readonly WrittenSeries[]): Promise<SendAnswer> {
    const encode = version === 2 ? encodeWriteRequestV2 : encodeWriteRequest;
    const body = snappyCompress(encode({ series }));
    for (const wait of [...RETRIES_MS, undefined]) {
      const answer = await client.send('write', body, WRITE_HEADERS[version]);
      if (answer.status !== 429 && answer.status < 500) return answer;
      if (wait === undefined) throw failed(client, answer);
      await clock.sleep(wait, signal);
    }
    throw new Error('BUG: the last attempt neither answered nor failed');
  }

  async function send(series: readonly WrittenSeries[]): Promise<SendAnswer> {
    const answer = await post(series);
    if (version === 1 || !isUnknownVersion(answer)) return answer;
    version = 1;
    return post(series);
  }

  return {
    async write(batch) {
      const { status, text, headers } = await send(seriesOf(batch));
      const sent = batch.lines.length;
      if (status < 300) return { imported: sent, present: 0, refusals: [] };
      if (status !== 400) throw notAReceiver(client, status, text);
      const refusals = await refusalsOf(batch, toldReasons(text), client);
      const refused = refusals.reduce((sum, { samples }) => sum + samples, 0);
      // Version 1 stores nothing of a request that holds a bad sample, or does not say what.
      const imported = Math.min(Number(headers[WRITTEN_HEADER] ?? 0), sent - refused);
      return { imported, present: sent - refused - imported, refusals };
    },
    close: () => client.close(),
  };
}

/** A receiver of version 1 refuses the content type, or takes the request for an empty one and says nothing of samples. */
const isUnknownVersion = ({ status, headers }: SendAnswer): boolean =>
  status === 415 || (status < 300 && headers[WRITTEN_HEADER] === undefined);

/**
 * Which samples were refused: those that the server does not have. Where it cannot be asked, all of the series that it
 * names, or all when it names none.
 */
async function refusalsOf(
  batch: SampleBatch,
  { bySeries, other }: ToldReasons,
  client: PrometheusClient,
): Promise<Refusal[]> {
  const { series } = batch;
  const names = new Map([...new Set(series)].map(labels => [labels, goText(labels)]));
  const reasonOf = (i: number) => bySeries.get(names.get(series[i]!)!);
  const indices = [...series.keys()];
  const isMissing = await missingFrom(client, batch);
  const refused =
    isMissing === undefined
      ? indices.filter(i => bySeries.size === 0 || reasonOf(i) !== undefined)
      : indices.filter(isMissing);
  const refusals: Refusal[] = [];
  for (const i of refused) addRefusal(refusals, batch, i, reasonOf(i) ?? other);
  return refusals;
}

async function missingFrom(
  client: PrometheusClient,
  batch: SampleBatch,
): Promise<((index: number) => boolean) | undefined> {
  try {
    const stored = await storedValues(batch, [...batch.series.keys()], readFromServer(client));
    return i => !Object.is(stored(i), batch.values[i]);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function seriesOf({ series, timestamps, values }: SampleBatch): WrittenSeries[] {
  const byKey = new Map<
    string,
    { labels: [string, string][]; samples: { timestamp: Milliseconds; value: number }[] }
  >();
  for (const [i, labels] of series.entries()) {
    const one = byKey.get(labels.key) ?? { labels: [...labels], samples: [] };
    one.samples.push({ timestamp: timestamps[i]!, value: values[i]! });
    byKey.set(labels.key, one);
  }
  return [...byKey.values()];
}

/** As Go prints label sets (model/labels `Labels.String`), which is how receivers name series. */
const goText = (labels: Labels): string =>
  `{${[...labels].map(([name, value]) => `${/^[a-zA-Z_]\w*$/.test(name) ? name : goQuote(name)}=${goQuote(value)}`).join(', ')}}`;

const failed = ({ base }: PrometheusClient, { status, text }: SendAnswer): UserError =>
  new UserError(
    'remote-write-failed',
    `${base} answers ${status}, and did so ${RETRIES_MS.length} times before: ${firstLine(text)}`,
    {
      remedy: 'what was told as imported is stored; import the file again once the server is well',
    },
  );

function notAReceiver({ base }: PrometheusClient, status: number, text: string): UserError {
  const message = `${base}/api/v1/write answers ${status}: ${firstLine(text)}`;
  if (status === 401 || status === 403)
    return new UserError('prometheus-denied', message, {
      remedy: 'give --user, --header, or the variable SLO_GUARD_BEARER_TOKEN',
    });
  return new UserError('no-remote-write', message, {
    remedy:
      'start Prometheus with --web.enable-remote-write-receiver; give the address without /api/v1/write',
  });
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!.slice(0, 200);
