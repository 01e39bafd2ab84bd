import { parse } from 'yaml';
import { type Milliseconds, parseDuration, type Ratio, type Seconds, toSeconds } from '../core/index.ts';
import type { PipelineDelays } from '../slo/index.ts';
import { drillError } from './codes.ts';
import type { Drill } from './drill-file.ts';
import { ofSlo, SERIES } from './series.ts';
import type { StackClient } from './stack-client.ts';

/** The alert's numbers: both windows must burn faster than `burn` times. */
export interface AlertNumbers {
  readonly name: string;
  readonly objective: Ratio;
  readonly burn: number;
  readonly shortWindow: Milliseconds;
  readonly longWindow: Milliseconds;
}

/** What the stack itself says before the fault: the numbers that predictions rest on. */
export interface Baseline {
  readonly delays: PipelineDelays;
  /** The alert that is expected; for a silent drill, the SLO's page. */
  readonly alert: AlertNumbers;
}

/** The router's times where its configuration leaves them out (Alertmanager's defaults). */
const DEFAULT_GROUP_WAIT: Milliseconds = 30_000;
const DEFAULT_GROUP_INTERVAL: Milliseconds = 300_000;
/** Prometheus's default intervals, where the stack does not tell its own. */
const DEFAULT_INTERVAL: Milliseconds = 60_000;

/**
 * Reads the alert's threshold and windows from the series that `generate` records beside the rules, and the intervals
 * from the parts themselves; the router's are those of its root route.
 *
 * @throws UserError `drill-series-missing` where the stack does not have these series (yet)
 */
export async function readBaseline(client: StackClient, drill: Drill): Promise<Baseline> {
  const alert = await readAlert(client, drill);
  return { alert, delays: await readDelays(client, drill, alert.name) };
}

async function readAlert(client: StackClient, drill: Drill): Promise<AlertNumbers> {
  const chosen: Record<string, string> =
    'page' in drill.expect ? { alertname: drill.expect.page } : { severity: 'page' };
  const objectiveExpr = ofSlo(SERIES.objective, drill);
  const thresholdExpr = ofSlo(SERIES.threshold, drill, chosen);
  const [objectives, thresholds] = await Promise.all([
    client.query(objectiveExpr),
    client.query(thresholdExpr),
  ]);
  const objective = objectives[0] ?? missing(objectiveExpr);
  // Of several pages the one that fires first: the highest threshold has the shortest windows.
  const threshold =
    [...thresholds].sort((a, b) => Number(b.value[1]) - Number(a.value[1]))[0] ?? missing(thresholdExpr);
  const { alertname = '', short_window, long_window } = threshold.metric;
  return {
    name: alertname,
    objective: Number(objective.value[1]),
    burn: Number(threshold.value[1]),
    shortWindow: durationOf(short_window) ?? missing(`${thresholdExpr} with the label short_window`),
    longWindow: durationOf(long_window) ?? missing(`${thresholdExpr} with the label long_window`),
  };
}

function missing(series: string): never {
  throw drillError('drill-series-missing', `the stack has no series ${series}`, {
    remedy:
      'load the rule file that `slo-guard generate` writes for this SLO, and wait for its first evaluation',
  });
}

const durationOf = (text: unknown): Milliseconds | undefined =>
  typeof text === 'string' ? parseDuration(text) : undefined;

async function readDelays(client: StackClient, drill: Drill, alert: string): Promise<PipelineDelays> {
  const [targets, groups, config] = await Promise.all([
    client.targets(),
    client.ruleGroups(),
    client.routerConfig(),
  ]);
  const { service } = drill.slo;
  const target = targets.find(({ labels }) => labels.job === service || labels.service === service);
  const group = groups.find(({ rules }) => rules.some(({ name }) => name === alert));
  const route = rootRoute(config);
  return {
    scrapeInterval: durationOf(target?.scrapeInterval) ?? DEFAULT_INTERVAL,
    evaluationInterval: group === undefined ? DEFAULT_INTERVAL : group.interval * 1000,
    groupWait: durationOf(route.group_wait) ?? DEFAULT_GROUP_WAIT,
    groupInterval: durationOf(route.group_interval) ?? DEFAULT_GROUP_INTERVAL,
  };
}

function rootRoute(config: string): Readonly<Record<string, unknown>> {
  try {
    return (parse(config) as { route?: Record<string, unknown> } | null)?.route ?? {};
  } catch {
    // The router runs with it: only this reading of it failed, and the defaults then stand in the predictions.
    return {};
  }
}

/**
 * Seconds of traffic in the long window so far, at the rate of the steady state: the drill's own load, and whatever else
 * reaches the gateway.
 */
export async function healthyHistory(
  client: StackClient,
  { counters, traffic, steady_state }: Drill,
  window: Milliseconds,
): Promise<Seconds> {
  const [total, rate] = await Promise.all([
    client.query(`sum(increase(${counters.requests}[${window}ms]))`),
    client.query(`sum(rate(${counters.requests}[${steady_state.duration}ms]))`),
  ]);
  const measured = Number(rate[0]?.value[1] ?? 0);
  return Math.min(
    toSeconds(window),
    Number(total[0]?.value[1] ?? 0) / Math.max(measured, traffic.requests_per_second),
  );
}
