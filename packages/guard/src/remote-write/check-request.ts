import type { SeriesReader } from './series-reader.ts';

/** Series and samples between two steps: some milliseconds. */
const STEP = 16_384;

/** Reads a whole request and does nothing with it. @throws UserError what appending it would throw as malformed */
export function* checkRequest(reader: SeriesReader): Generator<undefined> {
  const { scanner } = reader;
  let untilStep = STEP;
  while (scanner.next()) {
    if (!reader.unreadable()) reader.identity();
    reader.exemplars();
    for (untilStep--; scanner.nextSample(); untilStep--) {
      if (untilStep > 0) continue;
      untilStep = STEP;
      yield;
    }
    if (untilStep > 0) continue;
    untilStep = STEP;
    yield;
  }
}
