import { compareStrings, Labels, messageOf, UserError } from '../core/index.ts';
import { parseSeries } from '../promql/index.ts';
import type { ShownAlert, ShownSample } from './outcome.ts';
import type { AlertTest, PromqlTest } from './test-file.ts';

/** The alerts that a test wants, with the label that every alert has. */
export const expectedAlerts = ({ alertName, expected }: AlertTest): ShownAlert[] =>
  expected.map(({ labels, annotations }) => ({
    labels: withEmptyValues({ ...labels, alertname: alertName }),
    annotations: withEmptyValues(annotations),
  }));

/** A label that is wanted to be empty is never there, and such a test never passes. */
const withEmptyValues = (texts: Readonly<Record<string, string>>): Labels =>
  Labels.fromSorted(
    Object.entries(texts)
      .sort(([a], [b]) => compareStrings(a, b))
      .flat(),
  );

/** The samples that a test wants. @throws UserError `bad-series`, `unsupported-series` */
export const expectedSamples = ({ expected }: PromqlTest): ShownSample[] =>
  expected.map(({ labels, value, histogram }) => {
    if (histogram !== '')
      throw new UserError('unsupported-series', 'native histograms are not supported in expected samples');
    return { labels: labelsOf(labels), value };
  });

function labelsOf(text: string): Labels {
  try {
    const { labels, values } = parseSeries(text);
    if (values.length === 0) return labels;
  } catch (error) {
    throw new UserError('bad-series', `labels ${JSON.stringify(text)}: ${messageOf(error)}`);
  }
  throw new UserError('bad-series', `labels ${JSON.stringify(text)}: there is more than labels`);
}
