import { parse } from 'yaml';
import {
  type Milliseconds,
  parseDuration,
  type Ratio,
  type Seconds,
  toSeconds,
  UserError,
} from '../core/index.ts';
import type { PipelineDelays } from '../slo/index.ts';
import type { Drill } from './drill-file.ts';
import type { StackClient } from './stack-client.ts';

/** What the stack itself says before the fault: the numbers that predictions rest on. */
export interface Baseline {
  readonly delays: PipelineDelays;
  /** The alert that is expected: both windows must burn faster than `burn` times. */
  readonly alert: {
    readonly objective: Ratio;
    readonly burn: number;
    readonly shortWindow: Milliseconds;
    readonly longWindow: Milliseconds;
  };
}

/** Series that `generate` records beside the rules, so that any engine can tell them. */
const OBJECTIVE = 'slo:objective:ratio';
const THRESHOLD = 'slo:burn_rate_threshold:ratio';

/** The router's times where its configuration leaves them out (Alertmanager's defaults). */
const DEFAULT_GROUP_WAIT: Milliseconds = 30_000;
const DEFAULT_GROUP_INTERVAL: Milliseconds = 300_000;
/** Prometheus's default intervals, where the stack does not tell its own. */
const DEFAULT_INTERVAL: Milliseconds = 60_000;

/** Alerts in the expectation choose their threshold; a silent drill looks at the SLO's page. */
export async function readBaseline(client: StackClient, drill: Drill): Promise<Baseline> {
  const selector = `service="${drill.slo.service}",slo="${drill.slo.name}"`;
  const chosen = 'page' in drill.expect ? `,alertname="${drill.expect.page}"` : ',severity="page"';
  const [objectives, thresholds, delays] = await Promise.all([
    client.query(`${OBJECTIVE}{${selector}}`),
    client.query(`${THRESHOLD}{${selector}${chosen}}`),
    readDelays(client, drill),
  ]);
  const objective = Number(objectives[0]?.value[1] ?? missing(OBJECTIVE, selector));
  const threshold = thresholds[0] ?? missing(THRESHOLD, selector + chosen);
  const windowOf = (label: string) =>
    durationOf(threshold.metric[label]) ?? missing(THRESHOLD, `${selector}, ${label}`);
  const [shortWindow, longWindow] = [windowOf('short_window'), windowOf('long_window')];
  return { delays, alert: { objective, burn: Number(threshold.value[1]), shortWindow, longWindow } };
}

function missing(series: string, selector: string): never {
  throw new UserError('drill-series-missing', `the stack has no series ${series}{${selector}}`, {
    remedy:
      'load the rule file that `slo-guard generate` writes for this SLO, and wait for its first evaluation',
  });
}

const durationOf = (text: string | undefined): Milliseconds | undefined =>
  text === undefined ? undefined : parseDuration(text);

async function readDelays(client: StackClient, drill: Drill): Promise<PipelineDelays> {
  const [targets, groups, config] = await Promise.all([
    client.targets(),
    client.ruleGroups(),
    client.routerConfig(),
  ]);
  const target = targets.find(
    ({ labels }) => labels.job === drill.slo.service || labels.service === drill.slo.service,
  );
  const alertName = 'page' in drill.expect ? drill.expect.page : undefined;
  const group = groups.find(({ rules }) =>
    rules.some(({ name }) => name === (alertName ?? 'slo:burn_rate:5m')),
  );
  const route = (parse(config) as { route?: Record<string, string> }).route;
  return {
    scrapeInterval: durationOf(target?.scrapeInterval) ?? DEFAULT_INTERVAL,
    evaluationInterval: group === undefined ? DEFAULT_INTERVAL : group.interval * 1000,
    groupWait: durationOf(route?.group_wait) ?? DEFAULT_GROUP_WAIT,
    groupInterval: durationOf(route?.group_interval) ?? DEFAULT_GROUP_INTERVAL,
  };
}

/** Seconds of healthy traffic in a window, at the given request rate. */
export async function healthyHistory(
  client: StackClient,
  requests: string,
  window: Milliseconds,
  requestsPerSecond: number,
): Promise<Seconds> {
  const [sample] = await client.query(`sum(increase(${requests}[${window}ms]))`);
  return Math.min(toSeconds(window), Number(sample?.value[1] ?? 0) / requestsPerSecond);
}
