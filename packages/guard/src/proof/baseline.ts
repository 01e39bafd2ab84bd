import { parse } from 'yaml';
import { parseDuration, type Ratio, type Seconds, toSeconds, UserError } from '../core/index.ts';
import type { Drill } from './drill-file.ts';
import type { HopTimes, WindowThreshold } from './predict.ts';
import type { StackClient } from './stack-client.ts';

/** What the stack itself says before the fault: the numbers that predictions rest on. */
export interface Baseline {
  readonly hops: HopTimes;
  /** The two windows of the alert that is expected, with their thresholds as error ratios. */
  readonly windows: readonly [short: WindowThreshold, long: WindowThreshold];
  /** The alert's burn rate, e.g. 14.4. */
  readonly burnThreshold: number;
  readonly objective: Ratio;
}

/** Series that `generate` records beside the rules, so that any engine can tell them. */
const OBJECTIVE = 'slo:objective:ratio';
const THRESHOLD = 'slo:burn_rate_threshold:ratio';

/** The router's times where its configuration leaves them out (Alertmanager's defaults). */
const DEFAULT_GROUP_WAIT: Seconds = 30;
const DEFAULT_GROUP_INTERVAL: Seconds = 300;

/** Alerts in the expectation choose their threshold; a silent drill looks at the SLO's page. */
export async function readBaseline(client: StackClient, drill: Drill): Promise<Baseline> {
  const selector = `service="${drill.slo.service}",slo="${drill.slo.name}"`;
  const chosen = 'page' in drill.expect ? `,alertname="${drill.expect.page}"` : ',severity="page"';
  const [objectives, thresholds, hops] = await Promise.all([
    client.query(`${OBJECTIVE}{${selector}}`),
    client.query(`${THRESHOLD}{${selector}${chosen}}`),
    readHopTimes(client, drill),
  ]);
  const objective = Number(objectives[0]?.value[1] ?? missing(OBJECTIVE, selector));
  const threshold = thresholds[0] ?? missing(THRESHOLD, selector + chosen);
  const burnThreshold = Number(threshold.value[1]);
  const windowOf = (label: string): WindowThreshold => ({
    window: secondsOf(threshold.metric[label]) ?? missing(label, selector),
    threshold: burnThreshold * (1 - objective),
  });
  return { hops, windows: [windowOf('short_window'), windowOf('long_window')], burnThreshold, objective };
}

function missing(series: string, selector: string): never {
  throw new UserError('drill-series-missing', `the stack has no series ${series}{${selector}}`, {
    remedy:
      'load the rule file that `slo-guard generate` writes for this SLO, and wait for its first evaluation',
  });
}

const secondsOf = (text: string | undefined): Seconds | undefined => {
  const duration = text === undefined ? undefined : parseDuration(text);
  return duration === undefined ? undefined : toSeconds(duration);
};

async function readHopTimes(client: StackClient, drill: Drill): Promise<HopTimes> {
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
    scrape: secondsOf(target?.scrapeInterval) ?? 60,
    evaluation: group?.interval ?? 60,
    groupWait: secondsOf(route?.group_wait) ?? DEFAULT_GROUP_WAIT,
    groupInterval: secondsOf(route?.group_interval) ?? DEFAULT_GROUP_INTERVAL,
  };
}

/** Seconds of healthy traffic in a window, at the given request rate. */
export async function healthyHistory(
  client: StackClient,
  requests: string,
  window: Seconds,
  requestsPerSecond: number,
): Promise<Seconds> {
  const [sample] = await client.query(`sum(increase(${requests}[${Math.round(window)}s]))`);
  return Math.min(window, Number(sample?.value[1] ?? 0) / requestsPerSecond);
}
