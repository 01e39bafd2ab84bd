import { messageOf, unreachable } from '../core/index.ts';
import type { ProbeContext, Stage } from './stages.ts';
import { burnNow } from './stages.ts';

/** Why a stage did not come: the broken hop, and what was seen there. */
export interface Diagnosis {
  readonly hop: string;
  readonly evidence: readonly string[];
}

/** Looks at the hop before a missing stage. Never throws: a part that does not answer is the finding. */
export async function diagnose(stage: Stage, context: ProbeContext): Promise<Diagnosis> {
  const hop = HOPS[stage];
  try {
    return { hop, evidence: await evidenceFor(stage, context) };
  } catch (error) {
    return { hop, evidence: [messageOf(error)] };
  }
}

const HOPS: Readonly<Record<Stage, string>> = {
  'failing responses': 'fault → gateway',
  'samples scraped': 'gateway → metrics store',
  'burn over threshold': 'metrics store → recording rules',
  'alert firing': 'recording rules → alert rule',
  'at Alertmanager': 'alert rule → Alertmanager',
  'page delivered': 'Alertmanager → receiver',
  'burn below threshold': 'metrics store → recording rules',
  'alert resolved': 'recording rules → alert rule',
  'resolve delivered': 'Alertmanager → receiver',
};

function evidenceFor(stage: Stage, context: ProbeContext): Promise<string[]> {
  switch (stage) {
    case 'failing responses':
      return faultEvidence(context);
    case 'samples scraped':
      return scrapeEvidence(context);
    case 'burn over threshold':
    case 'burn below threshold':
      return burnEvidence(context);
    case 'alert firing':
    case 'alert resolved':
      return ruleEvidence(context, context.alert);
    case 'at Alertmanager':
      return routerEvidence(context);
    case 'page delivered':
    case 'resolve delivered':
      return deliveryEvidence(context);
    default:
      return unreachable(stage);
  }
}

async function faultEvidence({ client, traffic }: ProbeContext): Promise<string[]> {
  const { mode, error_rate } = await client.faultState();
  const { sent, succeeded } = traffic.counts();
  return [
    `the backend says mode ${mode}, error rate ${error_rate}`,
    `${sent} requests sent since, ${succeeded} succeeded`,
  ];
}

async function scrapeEvidence({ client, drill }: ProbeContext): Promise<string[]> {
  const { service } = drill.slo;
  const mine = (await client.targets()).filter(
    ({ labels }) => labels.service === service || labels.job === service,
  );
  if (mine.length === 0) return [`no scrape target has the label service or job "${service}"`];
  const down = mine.filter(({ health }) => health !== 'up');
  if (down.length > 0)
    return down.map(({ scrapeUrl, health, lastError }) => `target ${scrapeUrl} is ${health}: ${lastError}`);
  const series = await client.query(drill.counters.errors);
  return [
    series.length === 0 ? `no series ${drill.counters.errors}` : `${drill.counters.errors} does not grow`,
  ];
}

async function burnEvidence(context: ProbeContext): Promise<string[]> {
  const burn = await burnNow(context.client, context.drill);
  const seen =
    burn === undefined
      ? 'the burn rate has no data'
      : `the burn rate is ${burn.toFixed(2)}, the threshold ${context.burnThreshold}`;
  return [seen, ...(await ruleEvidence(context, 'slo:burn_rate:5m'))];
}

async function ruleEvidence({ client }: ProbeContext, name: string): Promise<string[]> {
  const rules = (await client.ruleGroups()).flatMap(group =>
    group.rules.filter(rule => rule.name === name).map(rule => ({ group, rule })),
  );
  if (rules.length === 0) return [`no rule named ${name} is loaded`];
  return rules.map(
    ({ group, rule }) =>
      `rule ${name} in group ${group.name} (${group.file}): ${rule.health}${rule.lastError ? `, ${rule.lastError}` : ''}`,
  );
}

async function routerEvidence({ client, alert }: ProbeContext): Promise<string[]> {
  const routed = await client.routedAlerts();
  const names = [...new Set(routed.map(({ labels }) => labels.alertname))];
  return [
    `${alert} is not among the router's alerts (${names.join(', ') || 'it has none'})`,
    'does `alerting:` of the rule engine name this router?',
  ];
}

async function deliveryEvidence({ client, alert }: ProbeContext): Promise<string[]> {
  const routed = (await client.routedAlerts()).filter(({ labels }) => labels.alertname === alert);
  const states = routed.map(({ status, receivers }) => {
    const why = [
      ...(status.silencedBy.length > 0 ? [`silenced by ${status.silencedBy.join(', ')}`] : []),
      ...(status.inhibitedBy.length > 0 ? [`inhibited by ${status.inhibitedBy.join(', ')}`] : []),
    ];
    return `the router holds ${alert}, ${status.state}${why.length > 0 ? ` (${why.join('; ')})` : ''}, for ${receivers.map(({ name }) => name).join(', ')}`;
  });
  const received = (await client.notifications()).length;
  return [
    ...states,
    `the receiver answers and has ${received} notifications, none of them this one: it refused them, or another receiver got them`,
  ];
}
