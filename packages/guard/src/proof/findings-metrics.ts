import type { Finding } from './diagnose.ts';
import type { Drill } from './drill-file.ts';
import { describeFault } from './fault.ts';
import { burnRateRule, isOfSlo } from './series.ts';
import type { StackClient } from './stack-client.ts';
import { decidingBurn, isAlert, type ProbeContext } from './stages.ts';

/** Between the fault and the gateway's answers. */
export async function faultFinding({ client, traffic }: ProbeContext): Promise<Finding> {
  const { sent, succeeded, unanswered, lastError } = traffic.counts();
  const counted = `${sent} requests sent since the fault was set: ${succeeded} succeeded, ${unanswered} had no answer`;
  if (unanswered > 0)
    return { cause: 'gateway-unanswered', evidence: [counted, `the gateway: ${lastError}`] };
  const state = await client.faultState();
  const evidence = [`the backend says ${describeFault(state)}`, counted];
  return { cause: state.mode === 'none' ? 'fault-inactive' : 'fault-without-effect', evidence };
}

/** Between the gateway's counters and the store. */
export async function scrapeFinding({ client, drill, errorsBefore }: ProbeContext): Promise<Finding> {
  const broken = await targetFinding(client, drill, health => health !== 'up');
  if (broken !== undefined) return broken;
  const { errors } = drill.counters;
  const series = await client.query(errors);
  return series.length === 0
    ? { cause: 'series-absent', evidence: [`the target is up, and there is no series ${errors}`] }
    : {
        cause: 'series-flat',
        evidence: [`${errors} is still ${errorsBefore}: it does not count these failures`],
      };
}

/** Whether the gateway is scraped: undefined when a target is it and none of those is `broken` by its health. */
export async function targetFinding(
  client: StackClient,
  { slo }: Drill,
  broken: (health: string) => boolean,
): Promise<Finding | undefined> {
  const { service } = slo;
  const mine = (await client.targets()).filter(
    ({ labels }) => labels.service === service || labels.job === service,
  );
  if (mine.length === 0)
    return {
      cause: 'target-missing',
      evidence: [`no scrape target has the label service or job ${JSON.stringify(service)}`],
    };
  const down = mine.filter(({ health }) => broken(health));
  if (down.length === 0) return undefined;
  return {
    cause: 'target-down',
    evidence: down.map(
      ({ scrapeUrl, health, lastError }) =>
        `target ${scrapeUrl} is ${health}: ${lastError || 'no reason given'}`,
    ),
  };
}

/** Between the store and the recorded burn rate. */
export async function burnFinding(context: ProbeContext): Promise<Finding> {
  const { alert } = context;
  const burn = await decidingBurn(context);
  const seen =
    burn === undefined
      ? 'the burn rate has no data'
      : `the burn rate is ${burn.toFixed(2)}, the threshold ${alert.burn}`;
  const rules = await Promise.all(
    [alert.shortWindow, alert.longWindow].map(window => ruleFinding(context, burnRateRule(window))),
  );
  const broken = rules.find(({ cause }) => cause !== 'condition-unmet') ?? rules[0]!;
  return { cause: broken.cause, evidence: [seen, ...broken.evidence] };
}

/** At one rule: is it loaded, and does its expression evaluate? */
export async function ruleFinding(context: ProbeContext, name: string): Promise<Finding> {
  const { client, drill } = context;
  const rules = (await client.ruleGroups()).flatMap(group =>
    group.rules
      .filter(rule => rule.name === name && isOfSlo(rule.labels ?? {}, drill))
      .map(rule => ({ group, rule })),
  );
  if (rules.length === 0) return { cause: 'rule-missing', evidence: [`no rule named ${name} is loaded`] };
  const evidence = rules.map(
    ({ group, rule }) =>
      `rule ${name} in group ${group.name} (${group.file}): ${rule.health}${rule.lastError ? `, ${rule.lastError}` : ''}`,
  );
  if (rules.some(({ rule }) => rule.health === 'err')) return { cause: 'rule-failing', evidence };
  const states = (await client.alerts()).filter(({ labels }) => isAlert(labels, context));
  if (name === context.alert.name)
    evidence.push(
      states.length === 0
        ? 'its condition is not met'
        : `the alert is ${states.map(({ state }) => state).join(', ')}`,
    );
  return { cause: 'condition-unmet', evidence };
}
