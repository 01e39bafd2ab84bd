import {
  formatDuration,
  formatFloatExponent,
  type Labels,
  type Milliseconds,
  toSeconds,
} from '../core/index.ts';
import type { ActiveAlert, GroupView, RuleView } from '../rules/index.ts';
import type { ActiveTarget } from '../scrape/index.ts';
import type { GuardParts } from './guard.ts';
import type { PrometheusViews } from './prometheus-api.ts';

/** Go's zero time: "never". */
const NEVER = '0001-01-01T00:00:00Z';

const timeText = (at: Milliseconds | undefined) => (at === undefined ? NEVER : new Date(at).toISOString());

/** What the guard's parts say, in the shapes of Prometheus's web/api/v1. */
export function prometheusViews({
  rules,
  scrapes,
  store,
  config,
  options,
  startedAt,
  clock,
}: GuardParts): PrometheusViews {
  return {
    rules: ({ type }) => ({ groups: rules.groups().map(group => groupView(group, type)) }),
    alerts: () => ({ alerts: rules.alerts().map(alertView) }),
    targets: state => ({
      activeTargets: state === 'dropped' ? [] : scrapes.targets().map(targetView),
      droppedTargets:
        state === 'active'
          ? []
          : scrapes
              .droppedTargets()
              .map(({ discoveredLabels }) => ({ discoveredLabels: discoveredLabels.toObject() })),
      droppedTargetCounts: {},
    }),
    tsdbStatus() {
      const { series, chunks, minTime, maxTime } = store.statistics();
      return {
        headStats: { numSeries: series, chunkCount: chunks, minTime: minTime ?? 0, maxTime: maxTime ?? 0 },
      };
    },
    config: () => ({ yaml: config.text }),
    flags: () => options.flags,
    runtimeInfo: () => ({
      startTime: timeText(startedAt),
      serverTime: timeText(clock.now()),
      CWD: process.cwd(),
      pid: process.pid,
      reloadConfigSuccess: true,
      lastConfigTime: timeText(startedAt),
      storageRetention: formatDuration(options.retention),
    }),
  };
}

function groupView(group: GroupView, type: 'alert' | 'record' | undefined) {
  const kind = type === 'alert' ? 'alerting' : type === 'record' ? 'recording' : undefined;
  return {
    name: group.name,
    file: group.file,
    rules: group.rules.filter(({ rule }) => kind === undefined || rule.kind === kind).map(ruleView),
    interval: toSeconds(group.interval),
    limit: group.limit,
    evaluationTime: toSeconds(group.evaluationTime),
    lastEvaluation: timeText(group.lastEvaluation),
  };
}

function ruleView({ rule, health, lastError, lastEvaluation, evaluationTime, state, alerts }: RuleView) {
  const shared = {
    name: rule.name,
    query: rule.query,
    labels: rule.labels,
    health,
    ...(lastError !== '' && { lastError }),
    evaluationTime: toSeconds(evaluationTime),
    lastEvaluation: timeText(lastEvaluation),
  };
  if (rule.kind === 'recording') return { ...shared, type: 'recording' };
  return {
    state,
    ...shared,
    duration: toSeconds(rule.for),
    keepFiringFor: toSeconds(rule.keepFiringFor),
    annotations: rule.annotations,
    alerts: alerts.map(alertView),
    type: 'alerting',
  };
}

const alertView = ({ labels, annotations, state, activeAt, keepFiringSince, value }: ActiveAlert) => ({
  labels: labels.toObject(),
  annotations: annotations.toObject(),
  state,
  activeAt: timeText(activeAt),
  ...(keepFiringSince !== undefined && { keepFiringSince: timeText(keepFiringSince) }),
  value: formatFloatExponent(value),
});

/** Labels that begin with `__` are the scraper's own. */
const publicLabels = (labels: Labels) =>
  Object.fromEntries([...labels].filter(([name]) => !name.startsWith('__')));

const targetView = (target: ActiveTarget) => ({
  discoveredLabels: target.discoveredLabels.toObject(),
  labels: publicLabels(target.labels),
  scrapePool: target.scrapePool,
  scrapeUrl: target.scrapeUrl,
  globalUrl: target.globalUrl,
  lastError: target.lastError,
  lastScrape: timeText(target.lastScrape),
  lastScrapeDuration: toSeconds(target.lastDuration),
  health: target.health,
  scrapeInterval: formatDuration(target.scrapeInterval),
  scrapeTimeout: formatDuration(target.scrapeTimeout),
});
