import { compareStrings, Labels, METRIC_NAME, ownCopy } from '../core/index.ts';
import type { MetricType, ReadSeries } from './entries.ts';
import { type LabelBlockRules, readLabelBlock } from './label-block.ts';
import { normalizeLabelValue } from './label-values.ts';
import { createScanner, type Scanner, unescapeLabel } from './scanner.ts';

const BRACE_OPEN = 123;
const BRACE_CLOSE = 125;

/** How a series stands in one of the formats. */
export interface SeriesRules extends LabelBlockRules {
  /** What else than a series might have stood at the start of a line. */
  readonly expected: string;
}

/** A series as written, escapes unread. */
export interface SeriesParts {
  readonly text: string;
  readonly name: string;
  /** Names and values in turn, in the order of the text. */
  readonly flat: readonly string[];
}

/** Reads `name{labels}` or `{"name",labels}`. */
export function readSeriesParts(s: Scanner, rules: SeriesRules): SeriesParts {
  const start = s.at;
  let name: string | undefined = s.name(true) || undefined;
  if (name === undefined && s.peek() !== BRACE_OPEN) s.fail(`expected ${rules.expected}`);
  let end = s.at;
  let flat: readonly string[] = [];
  rules.skipBlanks(s);
  if (s.take(BRACE_OPEN)) {
    const block = readLabelBlock(s, rules);
    if (name !== undefined && block.name !== undefined) s.fail('the metric name is given twice', start);
    name ??= block.name;
    flat = block.flat;
    end = s.at;
  }
  if (name === undefined) s.fail('the sample has no metric name', start);
  return { text: s.text.slice(start, end), name, flat };
}

/** Moves past `text` when exactly this series stands next; otherwise does not move. */
export function takeSeries(s: Scanner, text: string, rules: SeriesRules): boolean {
  const start = s.at;
  if (text === '' || !s.takeText(text)) return false;
  if (text.charCodeAt(text.length - 1) === BRACE_CLOSE) return true;
  // A name alone: it might go on, or have labels this time.
  const next = s.peek();
  if (next === 32 || next === 9) {
    rules.skipBlanks(s);
    if (s.peek() !== BRACE_OPEN) return true;
  }
  s.at = start;
  return false;
}

/**
 * Reads a series out of its own text.
 *
 * @param type that of the family in which it stands; decides which label values are numbers
 * @throws UserError `bad-exposition` when a label is given twice or a name is not valid UTF-8, placed at `start` of `outer`
 */
export function readSeries(
  text: string,
  type: MetricType | undefined,
  rules: SeriesRules,
  outer: Scanner,
  start: number,
): ReadSeries {
  const own = ownCopy(text);
  const { name, flat } = readSeriesParts(createScanner(own, outer.isValidUtf8), rules);
  const pairs = [METRIC_NAME, unescapeLabel(name)];
  outer.checkUtf8(name, 'the metric name', start);
  for (let i = 0; i < flat.length; i += 2) {
    const label = unescapeLabel(flat[i]!);
    outer.checkUtf8(label, 'a label name', start);
    pairs.push(label, normalizeLabelValue(type, label, unescapeLabel(flat[i + 1]!)));
  }
  const emptyLabels = emptyNames(pairs);
  const labels = labelsOf(pairs, emptyLabels) ?? outer.fail('a label is given twice', start);
  return { text: own, labels, emptyLabels };
}

function emptyNames(pairs: readonly string[]): readonly string[] {
  const names: string[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (pairs[i + 1] === '') names.push(pairs[i]!);
  return names;
}

/** Up to here, insertion is the quickest way: label blocks are short, and most are sorted already. */
const FEW_LABELS = 32;

/** Undefined when a name is given twice: which value holds would be a guess. A name that is also given empty is gone. */
function labelsOf(pairs: readonly string[], gone: readonly string[]): Labels | undefined {
  const kept = gone.length === 0 ? pairs : withoutNames(pairs, new Set(gone));
  const flat = kept.length > FEW_LABELS * 2 ? sorted(kept) : inserted(kept);
  for (let i = 2; i < flat.length; i += 2) if (flat[i] === flat[i - 2]) return undefined;
  return Labels.fromSorted(flat);
}

function withoutNames(pairs: readonly string[], gone: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (!gone.has(pairs[i]!)) kept.push(pairs[i]!, pairs[i + 1]!);
  return kept;
}

function inserted(pairs: readonly string[]): string[] {
  const flat: string[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const name = pairs[i]!;
    let at = flat.length;
    while (at > 0 && compareStrings(flat[at - 2]!, name) > 0) at -= 2;
    if (at === flat.length) flat.push(name, pairs[i + 1]!);
    else flat.splice(at, 0, name, pairs[i + 1]!);
  }
  return flat;
}

function sorted(pairs: readonly string[]): string[] {
  const places = Array.from({ length: pairs.length / 2 }, (_, i) => i * 2);
  places.sort((a, b) => compareStrings(pairs[a]!, pairs[b]!));
  return places.flatMap(place => [pairs[place]!, pairs[place + 1]!]);
}
