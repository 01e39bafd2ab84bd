import { formatDuration, formatFloat, toSeconds } from '../core/index.ts';
import { type BurnTier, NATURAL_ANCHOR, type Slo, windowLength } from '../slo/index.ts';
import { recorded } from './measures.ts';
import { SERIES } from './names.ts';
import type { RecordingRule } from './rule-types.ts';

/** What was declared, as series, so that any engine can tell it to dashboards and drills. */
export const factRules = (slo: Slo): RecordingRule[] => [
  recorded(slo, SERIES.objective, constant(slo.objective)),
  recorded(slo, SERIES.window, constant(toSeconds(windowLength(slo.window)))),
  ...slo.policy.tiers.map(tier =>
    recorded(slo, SERIES.threshold, constant(tier.burn), {
      severity: tier.severity,
      alertname: burnAlertName(slo, tier),
      short_window: formatDuration(tier.shortWindow),
      long_window: formatDuration(tier.longWindow),
    }),
  ),
  recorded(slo, SERIES.info, constant(1), infoLabels(slo)),
];

const constant = (value: number) => `vector(${formatFloat(value)})`;

export const burnAlertName = (slo: Slo, { suffix }: BurnTier): string => `${slo.alertPrefix}${suffix}`;

function infoLabels(slo: Slo): Record<string, string> {
  return {
    display_name: slo.displayName,
    budgeting: slo.budgeting.method,
    policy: slo.policy.name,
    window: windowText(slo),
    ...(slo.owner === undefined ? {} : { owner: slo.owner }),
    ...Object.fromEntries(Object.entries(slo.links).map(([name, url]) => [`link_${labelName(name)}`, url])),
  };
}

/** `30d`, `calendar month, Europe/Paris`, or `2 calendar weeks from 2026-01-05T00:00:00, UTC` */
export function windowText({ window }: Pick<Slo, 'window'>): string {
  if (window.kind === 'rolling') return formatDuration(window.length);
  const { unit, count, anchor, timeZone } = window;
  const units = count === 1 ? `calendar ${unit}` : `${count} calendar ${unit}s`;
  return `${units}${anchor === NATURAL_ANCHOR && count === 1 ? '' : ` from ${anchor}`}, ${timeZone}`;
}

/** A name as labels and annotations may have it. */
export const labelName = (name: string): string => name.replaceAll(/[^a-zA-Z0-9_]/g, '_');
