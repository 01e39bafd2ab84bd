import { formatDuration, formatFloat, goQuote, type Milliseconds, toSeconds } from '../core/index.ts';
import { type BurnTier, type Slo, timeToExhaust, windowLength } from '../slo/index.ts';
import { labelName, windowText } from './facts.ts';
import { burnRateSeries, identityLabels, SERIES } from './names.ts';
import type { RuleSettings } from './settings.ts';

const MINUTE: Milliseconds = 60_000;

/** What a burn-rate alert tells: static text, the state of the budget when it is evaluated, and where to look. */
export function burnAnnotations(
  slo: Slo,
  tier: BurnTier,
  alert: string,
  settings: RuleSettings,
): Record<string, string> {
  const [short, long] = [formatDuration(tier.shortWindow), formatDuration(tier.longWindow)];
  const burn = formatFloat(tier.burn);
  const window = windowLength(slo.window);
  const lasts = formatDuration(Math.round((timeToExhaust(window, tier.burn) * 1000) / MINUTE) * MINUTE);
  const remaining = ofGroup(slo, SERIES.budgetRemaining);
  const longBurn = ofGroup(slo, burnRateSeries(tier.longWindow));
  return {
    summary: `${literal(slo.displayName)}: the error budget burns more than ${burn} times too fast`,
    description:
      `Burn rate over the last ${short}: {{ $value | humanize }}, above ${burn} over the last ${long} too. ` +
      `At ${burn} the budget of ${literal(windowText(slo))} lasts ${lasts}.`,
    burn_rate: asked(slo, { query: longBurn, selectors: 1, format: 'humanize', otherwise: 'not known' }),
    budget_remaining: asked(slo, {
      query: remaining,
      selectors: 1,
      format: 'humanizePercentage',
      otherwise: 'not yet known',
    }),
    exhausted_in: asked(slo, {
      query: `(${remaining} > 0) * ${formatFloat(toSeconds(window))} / ${longBurn}`,
      selectors: 2,
      format: 'humanizeDuration',
      otherwise: 'the budget is spent, or not yet known',
    }),
    ...linkAnnotations(slo, alert, settings),
    ...slo.annotations,
  };
}

/** Where those on call find more. What the SLO says itself goes before what the settings say of all. */
export function linkAnnotations(
  slo: Slo,
  alert: string,
  { runbookUrl, dashboardUrl, tracesUrl }: RuleSettings,
): Record<string, string> {
  const links: Record<string, string | undefined> = {
    runbook_url: runbookUrl && `${runbookUrl}${runbookPlace(slo, alert, runbookUrl)}`,
    dashboard_url:
      dashboardUrl &&
      `${dashboardUrl}/slo/${encodeURIComponent(slo.service)}/${encodeURIComponent(slo.name)}`,
    traces_url: tracesUrl?.replaceAll('{service}', encodeURIComponent(slo.service)),
    ...Object.fromEntries(Object.entries(slo.links).map(([name, url]) => [`${labelName(name)}_url`, url])),
    owner: slo.owner,
  };
  const given = Object.entries(links).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given.map(([name, text]) => [name, literal(text)]));
}

const runbookPlace = (slo: Slo, alert: string, url: string) =>
  `${url.endsWith('/') ? runbookFile(slo) : ''}#${alert.toLowerCase()}`;

/** The page of an SLO among those of the target `docs`. */
export const runbookFile = ({ service, name }: Pick<Slo, 'service' | 'name'>): string =>
  `${encodeURIComponent(service)}-${encodeURIComponent(name)}.md`;

/** A query for the alert's own group: each label of the grouping is a `%q`, for `printf` to fill in. */
function ofGroup(slo: Slo, series: string): string {
  const fixed = Object.entries(identityLabels(slo)).map(
    ([name, value]) => `${name}=${JSON.stringify(value)}`,
  );
  const group = slo.grouping.map(label => `${label}=%q`);
  const escaped = fixed.map(text => (group.length === 0 ? text : text.replaceAll('%', '%%')));
  return `${series}{${[...escaped, ...group].join(',')}}`;
}

interface Question {
  readonly query: string;
  /** How many selectors of `ofGroup` are in the query. */
  readonly selectors: number;
  /** The template function that shows the answer. */
  readonly format: string;
  /** Shown where there is no answer. */
  readonly otherwise: string;
}

/** A template that shows the first value that a query gives. */
function asked({ grouping }: Slo, { query, selectors, format, otherwise }: Question): string {
  const labels = Array.from({ length: selectors }, () => grouping.map(label => `$labels.${label}`)).flat();
  const call =
    labels.length === 0 ? `query ${goQuote(query)}` : `printf ${goQuote(query)} ${labels.join(' ')} | query`;
  return `{{ with ${call} }}{{ . | first | value | ${format} }}{{ else }}${otherwise}{{ end }}`;
}

/** Text that Go's templates leave as it is. */
export const literal = (text: string): string => text.replaceAll('{{', '{{ "{{" }}');
