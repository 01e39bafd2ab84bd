import { compareStrings, goQuote, Labels, METRIC_NAME } from '../core/index.ts';

/** A series that can be stored. */
export interface KnownSeries {
  readonly labels: Labels;
  readonly refused?: undefined;
  /** The last transaction that appended to it, 0 for none yet. */
  transaction: number;
  /** The store has it, as far as its answers told. */
  isStored: boolean;
}

/** What the labels of a sent series come to: a label set, or the reason why Prometheus does not take it. */
export type SeriesIdentity = KnownSeries | { readonly refused: string };

/** A label as it was sent. */
export interface SentLabel {
  readonly name: string;
  readonly value: string;
  /** Both are valid UTF-8. */
  readonly isText: boolean;
}

/**
 * Judges labels as the receiver of Prometheus does (storage/remote/write_handler.go): any order, a metric name that
 * is not empty, no name twice, UTF-8 throughout. Labels with an empty value are dropped, as on every append.
 */
export function identify(sent: readonly SentLabel[]): SeriesIdentity {
  const sorted = [...sent].sort((a, b) => compareStrings(a.name, b.name));
  const hasName = sorted.some(({ name }) => name === METRIC_NAME);
  if (!hasName || !sorted.every(isValid))
    return { refused: `invalid metric name or labels, got ${shown(sorted)}` };
  const twice = sorted.find(({ name }, index) => name === sorted[index - 1]?.name);
  if (twice)
    return { refused: `invalid labels for series, labels ${shown(sorted)}, duplicated label ${twice.name}` };
  return { labels: labelsOf(sorted), transaction: 0, isStored: false };
}

const isValid = ({ name, value, isText }: SentLabel) =>
  isText && name !== '' && (name !== METRIC_NAME || value !== '');

/** Of labels that are sorted and each there once. */
export const labelsOf = (sorted: readonly SentLabel[]): Labels =>
  Labels.fromSorted(sorted.filter(({ value }) => value !== '').flatMap(({ name, value }) => [name, value]));

/** Longer label sets are cut in messages. */
const SHOWN_LENGTH = 1000;

/** `{a="b", c="d"}`, as Prometheus prints labels. */
function shown(labels: readonly SentLabel[]): string {
  const text = labels.map(({ name, value }) => `${shownName(name)}=${goQuote(value)}`).join(', ');
  return text.length > SHOWN_LENGTH ? `{${text.slice(0, SHOWN_LENGTH)}…}` : `{${text}}`;
}

const shownName = (name: string) => (/^[a-zA-Z_]\w*$/.test(name) ? name : goQuote(name));

export const shownLabels = (labels: Labels): string =>
  shown([...labels].map(([name, value]) => ({ name, value, isText: true })));
