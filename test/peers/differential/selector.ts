import type { Rng } from '../../../packages/guard/src/core/index.ts';
import { between, chance, pick, someOf, weighted } from './choose.ts';
import { computedOffset, offsetText } from './duration-text.ts';
import { FROM, TO } from './schedule.ts';
import { isPlainName, labelText, type MetricWords, quoted, type Vocabulary } from './vocabulary.ts';

const PATTERNS = [
  '.*',
  '.+',
  '',
  'a.*',
  '.*b',
  'api|db',
  '(api|web)?',
  '[a-d]+',
  '5..',
  '[45]0[0-9]',
  '(?i:API)',
  '\\d+',
  '^db$',
  '(a|b):80',
  'w[^x]b',
];

/** Names a regexp can find several of. */
const NAME_PATTERNS = ['.*_total', 'requests.*|errors.*', 'latency_(sum|count)', 'up|level', '[a-e].*'];

function matcher(rng: Rng, label: string, values: readonly string[]): string {
  const value = pick(rng, values);
  const condition = weighted(rng, [
    [6, () => `=${quoted(value)}`],
    [2, () => `!=${quoted(value)}`],
    [3, () => `=~${quoted(pick(rng, PATTERNS))}`],
    [1, () => `!~${quoted(pick(rng, PATTERNS))}`],
    [1, () => `=~${quoted(`${values.map(escaped).join('|')}`)}`],
    [0.5, () => '=""'],
    [0.5, () => '!=""'],
  ])();
  return `${labelText(label)}${condition}`;
}

const escaped = (value: string) => value.replace(/[.+\\]/g, '\\$&');

function conditions(rng: Rng, metric: MetricWords): string[] {
  const chosen = someOf(rng, [...metric.labels], 0.25).map(([label, values]) => matcher(rng, label, values));
  return chance(rng, 0.03) ? [...chosen, `nowhere${pick(rng, ['=""', '!="x"', '="x"'])}`] : chosen;
}

/** A selector without modifiers. */
export function selectorText(
  rng: Rng,
  vocabulary: Vocabulary,
  metric = pick(rng, vocabulary.metrics),
): string {
  const found = conditions(rng, metric);
  if (chance(rng, 0.03)) return `{${[`__name__=~${quoted(pick(rng, NAME_PATTERNS))}`, ...found].join(',')}}`;
  const isPlain = isPlainName(metric.name) || /^[\w:]+$/.test(metric.name);
  if (!isPlain) return `{${[quoted(metric.name), ...found].join(', ')}}`;
  if (found.length > 0) return `${metric.name}{${found.join(',')}}`;
  return chance(rng, 0.02) ? `{__name__="${metric.name}"}` : metric.name;
}

/** ` offset 5m @ end()` and the like, in either order; mostly nothing. */
export function modifiersText(rng: Rng): string {
  const texts = [
    ...(chance(rng, 0.12) ? [` offset ${offsetText(rng)}`] : []),
    ...(chance(rng, 0.08) ? [` @ ${atText(rng)}`] : []),
  ];
  return (chance(rng, 0.5) ? texts : texts.toReversed()).join('');
}

/** A whole instant selector. */
export function instantText(rng: Rng, selector: string): string {
  return chance(rng, 0.01)
    ? `(${selector} offset ${computedOffset(rng)})`
    : `${selector}${chance(rng, 0.03) ? ' smoothed' : ''}${modifiersText(rng)}`;
}

const atText = (rng: Rng): string =>
  weighted(rng, [
    [2, () => 'start()'],
    [2, () => 'end()'],
    [3, () => String(between(rng, FROM, TO) / 1000)],
    [1, () => String(between(rng, FROM / 1000, TO / 1000))],
  ])();
