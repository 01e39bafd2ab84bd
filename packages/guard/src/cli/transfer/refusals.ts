import type { Refusal } from './import-sink.ts';
import type { SampleBatch } from './sample-batches.ts';

/** Adds a refused sample; neighbours of one series that are refused for one reason are told together. */
export function addRefusal(
  refusals: Refusal[],
  { series, lines }: Pick<SampleBatch, 'series' | 'lines'>,
  index: number,
  reason: string,
): void {
  const text = series[index]!.toString();
  const line = lines[index]!;
  const last = refusals.at(-1);
  if (last && last.series === text && last.reason === reason)
    refusals[refusals.length - 1] = { ...last, samples: last.samples + 1, lastLine: line };
  else refusals.push({ reason, samples: 1, series: text, firstLine: line, lastLine: line });
}

/** How Prometheus names a refused sample: the reason, and the series (storage/remote/write_handler.go). */
const OF_SERIES = /^(.*) for series (.*)$/;
const REASON_LENGTH = 200;

/** What a receiver says of the samples that it refused. */
export interface ToldReasons {
  /** By the series as the receiver writes it; the first that it tells of each. */
  readonly bySeries: ReadonlyMap<string, string>;
  /** For series that it does not name. */
  readonly other: string;
}

/** Reads a receiver's message: a line for each refused sample, or for some of them, or a text of its own. */
export function toldReasons(message: string): ToldReasons {
  const bySeries = new Map<string, string>();
  for (const line of message.split('\n')) {
    const [, reason, series] = OF_SERIES.exec(line) ?? [];
    if (series !== undefined && !bySeries.has(series)) bySeries.set(series, withoutNumbers(reason!));
  }
  const [first, ...others] = new Set(bySeries.values());
  const whole = message.split('\n', 1)[0]!.trim().slice(0, REASON_LENGTH);
  return {
    bySeries,
    other: first === undefined ? whole : others.length === 0 ? first : 'the server did not say why',
  };
}

/** `duplicate sample for timestamp 5; …` is one reason, whatever the timestamp. */
const withoutNumbers = (reason: string): string => reason.replace(/ for timestamp .*$/, '').trim();
