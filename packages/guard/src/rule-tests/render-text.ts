import { formatDuration, formatFloatExponent, type Labels, type Position } from '../core/index.ts';
import type { Failure, ShownAlert, ShownSample } from './outcome.ts';

/** What is wrong, with the place of the expectation in the test file. `group` is '' where it has no name. */
export function renderFailure(failure: Failure, group: string): string {
  const name = group === '' ? '' : `    name: ${group},\n`;
  switch (failure.kind) {
    case 'error':
      return `${name}    ${failure.message}`;
    case 'rule':
      return `${name}    rule: ${failure.rule}, time: ${formatDuration(failure.after)}, err: ${failure.message}`;
    case 'alerts': {
      const { alertName, evalTime, expected, got, position } = failure;
      return `${name}    ${placeOf(position)}: alertname: ${alertName}, time: ${formatDuration(evalTime)},
        exp:${alertList(expected)},
        got:${alertList(got)}`;
    }
    case 'samples': {
      const { expr, evalTime, expected, got, position } = failure;
      return `${name}    ${placeOf(position)}: expr: ${JSON.stringify(expr)}, time: ${formatDuration(evalTime)},
        exp: ${sampleList(expected)}
        got: ${sampleList(got)}`;
    }
  }
}

const placeOf = ({ file, line, column }: Position) => `${file}:${line}:${column}`;

const alertList = (alerts: readonly ShownAlert[]): string =>
  alerts.length === 0
    ? '[]'
    : `[\n${alerts.map((alert, i) => `            ${i}:${alertText(alert)}`).join(',\n')}\n            ]`;

const alertText = ({ labels, annotations }: ShownAlert) => `
              Labels:${textsOf(labels)}
              Annotations:${textsOf(annotations)}`;

export const textsOf = (texts: Labels): string =>
  `{${[...texts].map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`;

const sampleList = (samples: readonly ShownSample[]): string =>
  samples.length === 0
    ? 'nil'
    : samples.map(({ labels, value }) => `${labels.toString()} ${formatFloatExponent(value)}`).join(', ');
