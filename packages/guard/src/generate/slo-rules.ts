import { formatDuration, formatFloat, type Milliseconds, toSeconds } from '../core/index.ts';
import { type BurnTier, type Slo, timeToExhaust, windowLength, windowsOf } from '../slo/index.ts';
import { errorRate, totalRate } from './event-rates.ts';
import { budgetCoverage, budgetRemaining, burnAlert, burnRate, RATE_WINDOW } from './expressions.ts';
import { burnRateSeries, SERIES } from './names.ts';
import type { AlertingRule, RecordingRule, RuleGroup } from './rule-types.ts';

export interface SloRuleOptions {
  /** Between evaluations of burn rates and alerts. */
  readonly interval: Milliseconds;
  /** Between evaluations of what is summed over the SLO's whole window. */
  readonly periodInterval: Milliseconds;
  /** Links in annotations begin with these; without a slash at the end. */
  readonly runbookUrl: string;
  readonly dashboardUrl: string;
}

/** An objective's two groups: burn rates with their alerts, and the budget over the whole window. */
export function sloGroups(slo: Slo, options: SloRuleOptions): RuleGroup[] {
  const name = `slo-${slo.service}-${slo.name}`;
  return [
    {
      name,
      interval: formatDuration(options.interval),
      rules: [
        ...rateRules(slo),
        ...burnRules(slo),
        ...factRules(slo),
        ...slo.policy.tiers.map(tier => alertOf(slo, tier, options)),
      ],
    },
    {
      name: `${name}-period`,
      interval: formatDuration(options.periodInterval),
      rules: periodRules(slo, options.interval),
    },
  ];
}

const identityOf = ({ service, name }: Slo) => ({ service, slo: name });

const recorded = (
  slo: Slo,
  record: string,
  expr: string,
  labels: Record<string, string> = {},
): RecordingRule => ({
  record,
  expr,
  labels: { ...identityOf(slo), ...labels },
});

const rateRules = (slo: Slo): RecordingRule[] => [
  recorded(slo, SERIES.total, totalRate(slo, RATE_WINDOW)),
  recorded(slo, SERIES.errors, errorRate(slo, RATE_WINDOW)),
];

function burnRules(slo: Slo): RecordingRule[] {
  const windows = windowsOf(slo.policy);
  const rates = windows.map(window => recorded(slo, burnRateSeries(window), burnRate(slo, window)));
  if (slo.recordAlias === undefined) return rates;
  const aliases = windows.map(window => {
    const selector = `${burnRateSeries(window)}{service="${slo.service}", slo="${slo.name}"}`;
    return recorded(slo, `${slo.recordAlias}:${formatDuration(window)}`, selector);
  });
  return [...rates, ...aliases];
}

/** What was declared, as series, so that any engine can tell it to dashboards and drills. */
const factRules = (slo: Slo): RecordingRule[] => [
  recorded(slo, SERIES.objective, constant(slo.objective)),
  recorded(slo, SERIES.window, constant(toSeconds(windowLength(slo.window)))),
  ...slo.policy.tiers.map(tier =>
    recorded(slo, SERIES.threshold, constant(tier.burn), {
      severity: tier.severity,
      alertname: alertName(slo, tier),
      short_window: formatDuration(tier.shortWindow),
      long_window: formatDuration(tier.longWindow),
    }),
  ),
];

const constant = (value: number) => `vector(${formatFloat(value)})`;

const periodRules = (slo: Slo, interval: Milliseconds): RecordingRule[] => [
  recorded(slo, SERIES.budgetRemaining, budgetRemaining(slo)),
  recorded(slo, SERIES.budgetCoverage, budgetCoverage(slo, toSeconds(interval))),
];

const alertName = (slo: Slo, { suffix }: BurnTier) => `${slo.alertPrefix}${suffix}`;

/** Without `for`: the windows already tell a spike from a trend (SRE Workbook, chapter 5). */
function alertOf(slo: Slo, tier: BurnTier, { runbookUrl, dashboardUrl }: SloRuleOptions): AlertingRule {
  const name = alertName(slo, tier);
  const [short, long] = [formatDuration(tier.shortWindow), formatDuration(tier.longWindow)];
  const lasts = formatDuration(Math.round(timeToExhaust(windowLength(slo.window), tier.burn) / 60) * 60_000);
  const page = `/slo/${encodeURIComponent(slo.service)}/${encodeURIComponent(slo.name)}`;
  return {
    alert: name,
    expr: burnAlert(slo, tier),
    labels: { ...slo.labels, ...identityOf(slo), severity: tier.severity },
    annotations: {
      summary: `${literal(slo.displayName)}: the error budget burns more than ${formatFloat(tier.burn)} times too fast`,
      description:
        `Burn rate over the last ${short}: {{ $value | humanize }}, above ${formatFloat(tier.burn)} over the last ${long} too. ` +
        `At ${formatFloat(tier.burn)} the budget of ${formatDuration(windowLength(slo.window))} lasts ${lasts}.`,
      runbook_url: `${runbookUrl}#${name.toLowerCase()}`,
      dashboard_url: `${dashboardUrl}${page}`,
      ...slo.annotations,
    },
  };
}

/** Text that Go's templates leave as it is. */
const literal = (text: string) => text.replaceAll('{{', '{{ "{{" }}');
