import { appendExemplar, inOrder } from './append-exemplars.ts';
import { SampleAppender } from './append-samples.ts';
import { type KnownSeries, shownLabels } from './series-identity.ts';
import type { SeriesReader } from './series-reader.ts';
import type { Tally } from './tally.ts';
import { type AppendContext, MAX_AHEAD_MS, NEW_SERIES_WEIGHT, type WriteVersion } from './transaction.ts';

/** Series and samples between two steps: some milliseconds. */
const STEP = 8192;

/**
 * Appends a request to the transaction in steps, so that others can have the thread in between. What Prometheus
 * answers to it is in the tally (storage/remote/write_handler.go `write`, `appendV2`); besides, native histograms and
 * series beyond the store's limit are refused while all else is kept.
 *
 * @throws RequestRefused in version 1 when a sample is out of order, a duplicate with another value or out of bounds
 * @throws UserError `remote-write-malformed`, `remote-write-too-large`
 */
export function* appendRequest(
  reader: SeriesReader,
  version: WriteVersion,
  context: AppendContext,
  tally: Tally,
): Generator<undefined, void> {
  const { scanner } = reader;
  const samples = new SampleAppender(scanner, version, context, tally);
  let untilStep = STEP;
  while (scanner.next()) {
    untilStep -= 1 + scanner.sampleCount;
    const series = readSeries(reader, version, tally);
    if (!series?.isStored) untilStep -= NEW_SERIES_WEIGHT;
    samples.begin(series);
    while (!samples.append(STEP)) yield;
    if (series) finishSeries(reader, series, samples.appended, version, context, tally);
    // What is not stored must be whole all the same.
    else reader.exemplars();
    if (untilStep > 0) continue;
    untilStep = STEP;
    yield;
  }
}

/** The series that the reader is on, unless it cannot be stored. */
function readSeries(reader: SeriesReader, version: WriteVersion, tally: Tally): KnownSeries | undefined {
  const { scanner } = reader;
  const count = scanner.sampleCount + scanner.histogramCount;
  const unreadable = reader.unreadable();
  if (unreadable) {
    tally.problem(unreadable.message);
    if (unreadable.inLabels) tally.invalidLabels += count;
    return undefined;
  }
  const identity = reader.identity();
  if (identity.refused === undefined) {
    if (version === 1 || count > 0) return identity;
    const labels = shownLabels(identity.labels);
    tally.problem(`TimeSeries must contain at least one sample or histogram for series ${labels}`);
    return undefined;
  }
  // Version 1 leaves such series out and says nothing to the sender.
  tally.invalidLabels += version === 1 ? 1 : count;
  if (version === 2) tally.problem(identity.refused);
  return undefined;
}

/** After the samples. */
function finishSeries(
  reader: SeriesReader,
  series: KnownSeries,
  appended: number,
  version: WriteVersion,
  context: AppendContext,
  tally: Tally,
): void {
  const { scanner } = reader;
  if (version === 2 && !reader.hasMetadata()) tally.withoutMetadata += appended;
  refuseHistograms(scanner.histogramCount, series, tally);
  if (scanner.exemplarCount > 0) appendExemplars(reader, series, version, context, tally);
}

function refuseHistograms(count: number, { labels }: KnownSeries, tally: Tally): void {
  if (count === 0) return;
  tally.histogramsRefused += count;
  tally.problem(`native histograms are not supported: ${count} refused for series ${shownLabels(labels)}`);
}

/** Exemplars never fail a request of version 1; version 2 is told of those that are out of order. */
function appendExemplars(
  reader: SeriesReader,
  { labels, isStored }: KnownSeries,
  version: WriteVersion,
  { transaction, clock }: AppendContext,
  tally: Tally,
): void {
  const { appender } = transaction();
  const latest = clock.now() + MAX_AHEAD_MS;
  const sent = reader.exemplars();
  for (const problem of sent)
    if (typeof problem === 'string')
      tally.problem(`parsing exemplar for series ${shownLabels(labels)}: ${problem}`);
  for (const exemplar of inOrder(sent.filter(one => typeof one !== 'string'))) {
    const outcome = isStored ? appendExemplar(appender, labels, exemplar, latest) : 'invalid';
    if (outcome === 'appended' || outcome === 'duplicate') tally.exemplars++;
    else tally.exemplarsDropped++;
    if (outcome === 'out-of-order' && version === 2)
      tally.problem(`out of order exemplar for series ${shownLabels(labels)}`);
  }
}
