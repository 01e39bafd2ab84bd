import type { PyrraIndicator, PyrraMatcher, PyrraMetric, PyrraObjective } from '../../slo/index.ts';
import { queryEscape } from '../../template/index.ts';

export type Texts = Readonly<Record<string, string>>;

/** Labels and annotations with this prefix go to the rules, without it. */
const PREFIX = 'pyrra.dev/';

const propagated = (texts: Texts): Texts =>
  Object.fromEntries(
    Object.entries(texts)
      .filter(([name]) => name.startsWith(PREFIX))
      .map(([name, value]) => [name.slice(PREFIX.length), value]),
  );

/** On every rule of an objective. */
export const commonLabels = ({ name, labels }: PyrraObjective): Texts => ({
  slo: name,
  ...propagated(labels),
});

/** On alerts; with `externalUrl`, the page of the objective. Undefined when there are none. */
export function commonAnnotations(objective: PyrraObjective, externalUrl?: string): Texts | undefined {
  const annotations = {
    ...propagated(objective.annotations),
    ...(externalUrl && { pyrra_url: pyrraUrl(objective, externalUrl) }),
  };
  return Object.keys(annotations).length > 0 ? annotations : undefined;
}

const ORIGIN = /^[^/?#]*\/\/[^/?#]*/;

function pyrraUrl({ name, indicator: { grouping } }: PyrraObjective, externalUrl: string): string {
  const origin = ORIGIN.exec(externalUrl)?.[0] ?? '';
  const query = `expr=${queryEscape(`{__name__="${name}"}`)}&from=now-1h&to=now`;
  if (grouping.length === 0) return `${origin}/objectives?${query}`;
  // Prometheus puts the values of the alert in.
  const groups = grouping.map(label => `${queryEscape(`${label}="`)}{{$labels.${label}}}${queryEscape('"')}`);
  return `${origin}/objectives?${query}&grouping=${queryEscape('{')}${groups.join(queryEscape(','))}${queryEscape('}')}`;
}

/** What is counted: the metric that names an objective's series. */
export const totalOf = (indicator: PyrraIndicator): PyrraMetric =>
  indicator.kind === 'bool_gauge' ? indicator.metric : indicator.total;

/** Labels whose value the selector fixes. */
export const fixedLabels = (matchers: readonly PyrraMatcher[]): Texts =>
  Object.fromEntries(
    matchers.filter(({ operator }) => operator === '=').map(({ name, value }) => [name, value]),
  );

export const isPattern = ({ operator }: PyrraMatcher): boolean => operator === '=~' || operator === '!~';

export const without = (texts: Texts, names: Iterable<string>): Texts => {
  const left = new Set(names);
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !left.has(name)));
};

export const sortedOnce = (names: readonly string[]): string[] => [...new Set(names)].sort();
