import { formatDuration, type Milliseconds } from '../core/index.ts';
import type { Drill } from './drill-file.ts';

/** Series that `generate` writes rules for; read over HTTP, so that any engine may have recorded them. */
export const SERIES = {
  objective: 'slo:objective:ratio',
  threshold: 'slo:burn_rate_threshold:ratio',
} as const;

/** `slo:burn_rate:5m`: the recorded burn rate over a window. */
export const burnRateRule = (window: Milliseconds): string => `slo:burn_rate:${formatDuration(window)}`;

/** A selector of the series that belong to the drill's SLO. JSON's escapes are PromQL's too. */
export function ofSlo(series: string, { slo }: Drill, labels: Readonly<Record<string, string>> = {}): string {
  const matchers = Object.entries({ service: slo.service, slo: slo.name, ...labels });
  return `${series}{${matchers.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}}`;
}

/** Whether labels of a rule or an alert belong to the drill's SLO: what they carry must not contradict it. */
export const isOfSlo = (labels: Readonly<Record<string, string>>, { slo }: Drill): boolean =>
  (labels.service ?? slo.service) === slo.service && (labels.slo ?? slo.name) === slo.name;
