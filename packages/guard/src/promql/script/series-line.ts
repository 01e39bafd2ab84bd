import { Labels, METRIC_NAME, UserError } from '../../core/index.ts';
import { readNumber } from '../parser/number-literal.ts';
import { scanString } from '../parser/scan-string.ts';
import { unquote } from '../parser/string-literal.ts';

/** One value of a sequence; `omitted` stands for no sample, `stale` for a staleness marker. */
export type SequenceValue = number | 'omitted' | 'stale';

export interface SeriesLine {
  readonly labels: Labels;
  readonly values: readonly SequenceValue[];
}

const bad = (line: string, why: string): UserError =>
  new UserError('bad-series', `${why} in ${JSON.stringify(line)}`);
const unsupported = (what: string): UserError =>
  new UserError('unsupported-series', `${what} are not supported in test series`);

/** Reads `name{label="value"} 0+1x10 _ stale …`, as promtool's rule tests and PromQL's behaviour scripts write it. */
export function parseSeries(line: string): SeriesLine {
  const { labels, rest } = readLabels(line);
  if (rest.includes('{{')) throw unsupported('native histograms');
  if (rest.startsWith('@st')) throw unsupported('start timestamps');
  const values = rest
    .trim()
    .split(/\s+/)
    .filter(item => item !== '')
    .flatMap(item => parseItem(line, item));
  return { labels, values };
}

/** The labels of a series line, whatever its values are. */
export const labelsOfSeries = (line: string): Labels => readLabels(line).labels;

/** Behaviour scripts take letters and dots in names without quotes, which queries do not. */
const NAME = /^[\p{L}_:][\p{L}\w:.]*/u;

function readLabels(line: string): { labels: Labels; rest: string } {
  const pairs: [string, string][] = [];
  let rest = line.trimStart();
  const name = NAME.exec(rest)?.[0];
  if (name) {
    pairs.push([METRIC_NAME, name]);
    rest = rest.slice(name.length);
  }
  rest = rest.trimStart();
  if (!rest.startsWith('{') || rest.startsWith('{{')) return { labels: Labels.of(pairs), rest };
  rest = rest.slice(1);
  for (;;) {
    rest = rest.replace(/^[\s,]+/, '');
    if (rest.startsWith('}')) return { labels: Labels.of(pairs), rest: rest.slice(1) };
    const label = readName(line, rest);
    rest = rest.slice(label.length).trimStart();
    if (!rest.startsWith('=')) {
      pairs.push([METRIC_NAME, label.value]);
      continue;
    }
    rest = rest.slice(1).trimStart();
    const value = readQuoted(line, rest);
    pairs.push([label.value, value.value]);
    rest = rest.slice(value.length);
  }
}

function readName(line: string, text: string): { value: string; length: number } {
  const plain = NAME.exec(text)?.[0];
  return plain ? { value: plain, length: plain.length } : readQuoted(line, text);
}

function readQuoted(line: string, text: string): { value: string; length: number } {
  const scanned = /^["'`]/.test(text) ? scanString(text, 0) : undefined;
  if (!scanned || 'problem' in scanned) throw bad(line, 'malformed labels');
  return { value: unquote(text.slice(0, scanned.end)), length: scanned.end };
}

const ITEM =
  /^([+-]?(?:[0-9.]+(?:[eE][+-]?[0-9]+)?|0[xX][0-9a-fA-F]+|[iI]nf|[nN]a[nN]))(?:([+-](?:[0-9.]+(?:[eE][+-]?[0-9]+)?|0[xX][0-9a-fA-F]+|[iI]nf|[nN]a[nN])))?(?:x(\d+))?$/;

function parseItem(line: string, item: string): SequenceValue[] {
  const special = /^(_|stale)(?:x(\d+))?$/.exec(item);
  if (special)
    return new Array<SequenceValue>(Number(special[2] ?? 1)).fill(special[1] === '_' ? 'omitted' : 'stale');
  const match = ITEM.exec(item);
  if (!match) throw bad(line, `malformed value ${JSON.stringify(item)}`);
  const [, first, increment, times] = match;
  const start = signed(first!);
  if (times === undefined && increment !== undefined) throw bad(line, 'an increment without a count');
  const step = increment === undefined ? 0 : signed(increment);
  const count = Number(times ?? 0) + 1;
  const values: number[] = [];
  // Added up rather than multiplied, as the reference does: the last bits of a result can depend on it.
  for (let i = 0, value = start; i < count; i++, value += step) values.push(value);
  return values;
}

/** A number with an optional sign, infinities and NaN included. */
export function signed(text: string): number {
  const read = readNumber(text.replace(/^[+-]/, ''));
  const value = 'problem' in read ? Number.NaN : read.value;
  return text.startsWith('-') ? -value : value;
}
