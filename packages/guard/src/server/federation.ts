import { compareLabels, compareStrings, formatFloatShort, type Labels, METRIC_NAME } from '../core/index.ts';
import { isStaleAt, type Queryable, type SeriesData } from '../promql/index.ts';
import { type EscapingScheme, escapeName, isClassicName } from './name-escaping.ts';
import type { TextPieces } from './query-json.ts';
import { PIECE_LENGTH } from './query-json.ts';
import type { FederationQuestion } from './query-protocol.ts';
import { matcherSetsOf } from './selectors.ts';
import { withQuerier } from './series-lists.ts';

interface NewestSample {
  readonly labels: Labels;
  readonly timestamp: number;
  readonly value: number;
}

/**
 * The newest samples that are not older than the lookback, of series that meet one of the selectors, in the text
 * format 0.0.4 (web/federate.go). Series that have ended are left out; without a name there is no line.
 *
 * @throws BadParameter
 */
export function federationText(storage: Queryable, question: FederationQuestion): TextPieces {
  const sets = matcherSetsOf(question.matches);
  const samples = withQuerier(storage, question, querier => {
    const found = new Map<string, NewestSample>();
    for (const series of sets.flatMap(matchers => querier.select(matchers))) {
      const sample = found.has(series.labels.key) ? undefined : newest(series, question);
      if (sample) found.set(series.labels.key, sample);
    }
    return [...found.values()];
  });
  const named = samples.filter(({ labels }) => labels.metricName !== '');
  return exposition(
    named.sort(
      ({ labels: a }, { labels: b }) => compareStrings(a.metricName, b.metricName) || compareLabels(a, b),
    ),
    question,
  );
}

function newest(
  series: SeriesData,
  { start, end }: { readonly start: number; readonly end: number },
): NewestSample | undefined {
  const { timestamps, values, start: first, end: after } = series.samples(start, end);
  const last = after - 1;
  if (last < first || isStaleAt(values, last)) return undefined;
  return { labels: series.labels, timestamp: timestamps[last]!, value: values[last]! };
}

function* exposition(
  samples: readonly NewestSample[],
  { externalLabels, escaping }: FederationQuestion,
): TextPieces {
  let text = '';
  let family: string | undefined;
  for (const { labels, timestamp, value } of samples) {
    const name = escapeName(labels.metricName, escaping);
    if (labels.metricName !== family) text += `# TYPE ${quotedName(name)} untyped\n`;
    family = labels.metricName;
    text += `${seriesText(name, pairsOf(labels, externalLabels), escaping)} ${formatFloatShort(value)} ${timestamp}\n`;
    if (text.length < PIECE_LENGTH) continue;
    yield text;
    text = '';
  }
  return text;
}

/** The series' own labels, then those of the external ones that it does not have. */
function pairsOf(labels: Labels, external: FederationQuestion['externalLabels']) {
  const own = [...labels].filter(([name]) => name !== METRIC_NAME);
  return [...own, ...external.filter(([name]) => !labels.has(name))];
}

function seriesText(
  name: string,
  pairs: ReadonlyArray<readonly [string, string]>,
  escaping: EscapingScheme,
): string {
  const classic = isClassicName(name);
  const inside = pairs.map(
    ([label, value]) => `${quotedName(escapeName(label, escaping))}="${escapeValue(value)}"`,
  );
  if (!classic) inside.unshift(quotedName(name));
  return `${classic ? name : ''}${inside.length > 0 ? `{${inside.join(',')}}` : ''}`;
}

const quotedName = (name: string) => (isClassicName(name) ? name : `"${escapeValue(name)}"`);

const escapeValue = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
