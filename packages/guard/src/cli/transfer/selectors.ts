import { type Matcher, METRIC_NAME, UserError } from '../../core/index.ts';
import { parseExpr } from '../../promql/index.ts';

/** Conditions on labels, all of which a series meets. */
export type Selector = readonly Matcher[];

/** Every series. */
const EVERYTHING = '{__name__!=""}';

/** Reads the selectors of `--match`; none select everything. @throws UserError `bad-promql`, `bad-option` */
export function selectorsOf(texts: readonly string[]): Selector[] {
  return (texts.length === 0 ? [EVERYTHING] : texts).map(text => {
    const expr = parseExpr(text);
    if (expr.type === 'vector' && expr.offset === undefined && expr.at === undefined) return expr.matchers;
    throw new UserError('bad-option', `--match: ${JSON.stringify(text)} is not a selector of series`, {
      remedy: 'give a metric name, {label="value"}, or both',
    });
  });
}

/** A selector as text, to be sent to any Prometheus. */
export const selectorText = (matchers: Selector): string => `{${matchers.map(matcherText).join(',')}}`;

/** The same selector, of one metric. */
export const ofMetric = (matchers: Selector, name: string): string =>
  `{${[...matchers.map(matcherText), equals(METRIC_NAME, name)].join(',')}}`;

/** `name="value"`. */
export const equals = (name: string, value: string): string => `${nameText(name)}=${JSON.stringify(value)}`;

const matcherText = ({ name, operator, value }: Matcher): string =>
  `${nameText(name)}${operator}${JSON.stringify(value)}`;

/** Names beyond the classic form stand in quotes. */
const nameText = (name: string): string => (/^[a-zA-Z_]\w*$/.test(name) ? name : JSON.stringify(name));
