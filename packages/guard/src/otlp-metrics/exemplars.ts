import { compareStrings, Labels } from '../core/index.ts';
import type { OtlpExemplar } from '../otlp/index.ts';
import type { Exemplar } from '../promql/storage.ts';
import { attributeText } from './attribute-text.ts';
import { toMilliseconds } from './nanoseconds.ts';

/** OpenMetrics 1.0: code points of an exemplar's label names and values together. */
const MAX_LABEL_LENGTH = 128;

export type ExemplarsResult =
  | { readonly exemplars: readonly Exemplar[]; readonly problem?: undefined }
  | { readonly problem: string; readonly exemplars?: undefined };

/** Exemplars in the order in which they were sent (prometheusremotewrite `getPromExemplars`). */
export function exemplarsOf(sent: readonly OtlpExemplar[]): ExemplarsResult {
  const exemplars: Exemplar[] = [];
  for (const one of sent) {
    if (one.value === undefined) return { problem: 'unsupported exemplar value type: Empty' };
    exemplars.push({
      labels: exemplarLabels(one),
      value: Number(one.value),
      timestamp: toMilliseconds(one.timeUnixNano),
    });
  }
  return { exemplars };
}

/** Oldest first, and of one instant the smaller value first: the order in which they are stored. */
export const inOrder = (exemplars: readonly Exemplar[]): Exemplar[] =>
  [...exemplars].sort((a, b) => a.timestamp - b.timestamp || a.value - b.value);

const isSet = (id: string) => /[^0]/.test(id);

/** The trace context, and the filtered attributes where all of them fit. */
function exemplarLabels({ traceId, spanId, filteredAttributes }: OtlpExemplar): Labels {
  const context: Array<readonly [string, string]> = [];
  if (isSet(traceId)) context.push(['trace_id', traceId]);
  if (isSet(spanId)) context.push(['span_id', spanId]);
  const taken = new Set(context.map(([name]) => name));
  const others = filteredAttributes
    .filter(({ key }) => !taken.has(key))
    .map(({ key, value }) => [key, attributeText(value)] as const);
  const length = codePoints([...context, ...others].flat().join(''));
  const pairs = length <= MAX_LABEL_LENGTH ? [...context, ...others] : context;
  return Labels.of(pairs.toSorted(([a], [b]) => compareStrings(a, b)));
}

const codePoints = (text: string) => [...text].length;
