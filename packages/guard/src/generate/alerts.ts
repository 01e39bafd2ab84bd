import { formatDuration, formatFloat, toSeconds } from '../core/index.ts';
import type { BurnTier, Slo } from '../slo/index.ts';
import { burnAnnotations, linkAnnotations, literal } from './annotations.ts';
import { totalRate } from './event-rates.ts';
import { withoutExcluded } from './exclusions.ts';
import { burnAlertName } from './facts.ts';
import { onGroup, own, RATE_WINDOW, readsCounters } from './measures.ts';
import { burnRateSeries, identityLabels, totalSeries } from './names.ts';
import type { AlertingRule } from './rule-types.ts';
import type { RuleSettings } from './settings.ts';

export function burnAlert(slo: Slo, tier: BurnTier, settings: RuleSettings): AlertingRule {
  const alert = burnAlertName(slo, tier);
  return {
    alert,
    expr: burnCondition(slo, tier, settings),
    ...(tier.for > 0 && { for: formatDuration(tier.for) }),
    labels: { ...slo.labels, ...identityLabels(slo), severity: tier.severity },
    annotations: burnAnnotations(slo, tier, alert, settings),
  };
}

/** True, with the short window's burn rate as value, while both windows burn faster than the tier allows. */
function burnCondition(
  slo: Slo,
  { burn, shortWindow, longWindow }: BurnTier,
  settings: RuleSettings,
): string {
  const conditions = [...new Set([shortWindow, longWindow])].map(
    window => `${own(slo, burnRateSeries(window))} > ${formatFloat(burn)}`,
  );
  if (slo.minimumEvents !== undefined) {
    const reading = { window: shortWindow, step: settings.interval };
    const rate = readsCounters(slo, shortWindow)
      ? own(slo, totalSeries(shortWindow))
      : totalRate(slo, reading);
    const events = `${rate} * ${formatFloat(toSeconds(shortWindow))} >= ${formatFloat(slo.minimumEvents)}`;
    // The raw rate lacks the labels that rules add.
    return `${conditions.join('\nand\n')}\nand ${onGroup(slo)}\n${events}`;
  }
  return conditions.join('\nand\n');
}

const NO_DATA = 'NoData';

/** `SLOShopOrdersNoData` beside `SLOShopOrdersBudgetBurnFast`. */
export const absentAlertName = ({ alertPrefix }: Slo): string =>
  `${alertPrefix.replace(/(Error)?(Budget)?Burn$/, '')}${NO_DATA}`;

/**
 * Tells that there is nothing to measure: wrong selectors, a target that is gone, a counter that was renamed. A deploy
 * that leaves a gap shorter than the rate's window and `for` together is no such thing, nor is an excluded time.
 */
export function absentAlert(slo: Slo, settings: RuleSettings): AlertingRule[] {
  if (slo.absent === undefined) return [];
  const alert = absentAlertName(slo);
  const reading = { window: RATE_WINDOW, step: settings.interval };
  const waits = formatDuration(slo.absent.for);
  return [
    {
      alert,
      expr: withoutExcluded(`absent(${totalRate(slo, reading)})`, slo.exclusions, reading),
      for: waits,
      labels: { ...slo.labels, ...identityLabels(slo), severity: slo.absent.severity },
      annotations: {
        summary: `${literal(slo.displayName)}: nothing is measured`,
        description:
          `None of the series that this objective counts has had samples for ${waits} or longer. ` +
          'No burn-rate alert can fire meanwhile.',
        ...linkAnnotations(slo, alert, settings),
        ...slo.annotations,
      },
    },
  ];
}
