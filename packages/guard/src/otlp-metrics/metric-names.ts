import { goQuote } from '../core/index.ts';
import type { Metric } from '../otlp/index.ts';
import type { TranslationSettings } from './settings.ts';
import { unitSuffixes } from './units.ts';

/** Either a name, or why there is none. */
export type NameResult =
  | { readonly name: string; readonly problem?: undefined }
  | { readonly problem: string; readonly name?: undefined };

const INVALID = /[^a-zA-Z0-9:]+/u;

/** The name that a metric's series get (prometheus/otlptranslator: metric_namer.go `Build`, without a namespace). */
export function metricName(metric: Metric, settings: TranslationSettings): NameResult {
  if (!settings.escapesNames) return { name: settings.addsSuffixes ? suffixedName(metric) : metric.name };
  const name = settings.addsSuffixes ? escapedWithSuffixes(metric) : escaped(metric.name);
  return checked(name, metric.name);
}

function checked(name: string, original: string): NameResult {
  if (name === '') return { problem: `normalization for metric ${goQuote(original)} resulted in empty name` };
  if (name !== original && /^_*$/.test(name))
    return {
      problem: `normalization for metric ${goQuote(original)} resulted in invalid name ${goQuote(name)}`,
    };
  return { name };
}

const tokensOf = (text: string, separator: RegExp) => text.split(separator).filter(token => token !== '');
const withoutLeadingDigit = (name: string) => (/^\d/.test(name) ? `_${name}` : name);

const escaped = (name: string) => withoutLeadingDigit(tokensOf(name, /[^a-zA-Z0-9:_]+/u).join('_'));

const isCounter = ({ data }: Metric) => data.type === 'sum' && data.isMonotonic;
const isRatio = ({ unit, data }: Metric) => unit === '1' && data.type === 'gauge';

function escapedWithSuffixes(metric: Metric): string {
  let tokens = tokensOf(metric.name, INVALID);
  const { main, per } = unitSuffixes(metric.unit);
  tokens = withUnits(tokens, cleaned(main), cleaned(per));
  if (isCounter(metric)) tokens = [...tokens.filter(token => token !== 'total'), 'total'];
  if (isRatio(metric)) tokens = [...tokens.filter(token => token !== 'ratio'), 'ratio'];
  return withoutLeadingDigit(tokens.join('_'));
}

/** A unit in the characters of names, one underscore at a time and none at the beginning. */
const cleaned = (unit: string) =>
  unit
    .replace(/[^a-zA-Z0-9:]/gu, '_')
    .replace(/_+/g, '_')
    .replace(/^_/, '');

const withoutEndUnderscore = (text: string) => text.replace(/_$/, '');

/** Adds the suffixes that are not among the tokens. */
function withUnits(tokens: readonly string[], main: string, per: string): string[] {
  const ownPer = per === 'per_' ? '' : withoutEndUnderscore(per);
  const addedPer = tokens.includes(ownPer) ? '' : ownPer;
  const ownMain = tokens.includes(main) ? '' : main;
  const addedMain = addedPer === '' ? ownMain : withoutEndUnderscore(ownMain);
  return [...tokens, addedMain, addedPer].filter(token => token !== '');
}

/** Any name is kept; suffixes that stand in the wrong place at its end are moved. */
function suffixedName(metric: Metric): string {
  const { main, per } = unitSuffixes(metric.unit);
  const behind = [
    ...(isRatio(metric) ? ['ratio'] : []),
    ...(isCounter(metric) ? ['total'] : []),
    ...(per === '' ? [] : [per]),
  ];
  let { name } = metric;
  for (const suffix of behind) name = withoutSuffix(name, suffix);
  if (main !== '' && !name.endsWith(main)) name = `${name}_${main}`;
  return [name, ...behind.toReversed()].join('_');
}

/** Without the suffix and the character before it. */
const withoutSuffix = (name: string, suffix: string) =>
  name.endsWith(suffix) && Buffer.byteLength(name) > suffix.length + 1
    ? Buffer.from(name)
        .subarray(0, Buffer.byteLength(name) - suffix.length - 1)
        .toString('utf8')
    : name;
