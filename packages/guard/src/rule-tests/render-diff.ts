import { formatFloat } from '../core/index.ts';
import type { Failure, ShownAlert, ShownSample } from './outcome.ts';
import { textsOf } from './render-text.ts';

/** How lines that are wanted, and lines that came instead, are marked. */
export interface DiffColours {
  readonly missing: (text: string) => string;
  readonly extra: (text: string) => string;
}

type Compared = Extract<Failure, { kind: 'alerts' | 'samples' }>;

/** One line an alert or sample: `-` what is wanted and did not come, `+` what came and is not wanted, in order. */
export function renderDiff(failure: Compared, { missing, extra }: DiffColours): string {
  const [expected, got] =
    failure.kind === 'alerts'
      ? [failure.expected.map(alertLine), failure.got.map(alertLine)]
      : [failure.expected.map(sampleLine), failure.got.map(sampleLine)];
  const both = new Set(expected.filter(line => got.includes(line)));
  return [
    ...expected.map(line => (both.has(line) ? `  ${line}` : missing(`- ${line}`))),
    ...got.filter(line => !both.has(line)).map(line => extra(`+ ${line}`)),
  ]
    .map(line => `        ${line}`)
    .join('\n');
}

const alertLine = ({ labels, annotations }: ShownAlert) => `${textsOf(labels)} ${textsOf(annotations)}`;
const sampleLine = ({ labels, value }: ShownSample) => `${labels.toString()} ${formatFloat(value)}`;
