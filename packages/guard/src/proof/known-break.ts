import type { Clock, Milliseconds } from '../core/index.ts';
import { type Diagnosis, diagnosisOf, type Finding, HOPS } from './diagnose.ts';
import type { Drill } from './drill-file.ts';
import { targetFinding } from './findings-metrics.ts';
import { SENT_NOWHERE } from './findings-routing.ts';
import { isOfSlo } from './series.ts';
import type { StackClient } from './stack-client.ts';
import type { Stage } from './stages.ts';

export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

/** A stack that has just started discovers its targets and routers, and scrapes for the first time. */
const MENDS_WITHIN: Milliseconds = 15_000;
const PAUSE: Milliseconds = 500;

/**
 * The first hop that is broken before any fault: then no page can come, and none is waited for. What may mend itself on a
 * stack that has just started is given a few seconds.
 *
 * @throws UserError `drill-unreachable`, `drill-bad-answer`
 */
export async function findKnownBreak(
  client: StackClient,
  drill: Drill,
  { clock, signal, onProgress }: Patience,
): Promise<Diagnosis | undefined> {
  const until = clock.monotonic() + MENDS_WITHIN;
  let told = '';
  for (;;) {
    // A target that waits for its first scrape is neither up nor down; with a long interval it may go on waiting.
    const found = await firstBreak(client, drill, health => health !== 'up');
    if (found === undefined) return undefined;
    if (clock.monotonic() >= until) return firstBreak(client, drill, health => health === 'down');
    const [what] = found.evidence;
    if (what !== undefined && what !== told) onProgress(what);
    told = what ?? '';
    await clock.sleep(PAUSE, signal);
  }
}

async function firstBreak(
  client: StackClient,
  drill: Drill,
  isDown: (health: string) => boolean,
): Promise<Diagnosis | undefined> {
  return (
    at('samples scraped', await targetFinding(client, drill, isDown)) ??
    (await ruleBreak(client, drill)) ??
    at('at Alertmanager', await routerBreak(client))
  );
}

const at = (stage: Stage, finding: Finding | undefined): Diagnosis | undefined =>
  finding && diagnosisOf(stage, HOPS[stage], finding);

/** Recording rules of burn rates, by the prefix that `generate` gives them. */
const BURN_RATE = 'slo:burn_rate:';

async function ruleBreak(client: StackClient, drill: Drill): Promise<Diagnosis | undefined> {
  const groups = await client.ruleGroups();
  const rules = groups.flatMap(group => group.rules).filter(({ labels = {} }) => isOfSlo(labels, drill));
  const loaded = `${groups.length} groups of rules are loaded`;
  if (!rules.some(({ name }) => name.startsWith(BURN_RATE)))
    return at('burn over threshold', {
      cause: 'rule-missing',
      evidence: [
        `no rule records ${BURN_RATE}… for ${drill.slo.service}/${drill.slo.name}: ${loaded}${filesOf(groups)}`,
      ],
    });
  if (!('page' in drill.expect)) return undefined;
  const { page } = drill.expect;
  return rules.some(({ name, type }) => type === 'alerting' && name === page)
    ? undefined
    : at('alert firing', {
        cause: 'rule-missing',
        evidence: [`no alert rule named ${page} is loaded: ${loaded}${filesOf(groups)}`],
      });
}

const filesOf = (groups: readonly { readonly file: string }[]) => {
  const files = [...new Set(groups.map(({ file }) => file))];
  return files.length === 0 ? '' : `, of ${files.join(', ')}`;
};

const routerBreak = async (client: StackClient): Promise<Finding | undefined> =>
  (await client.alertmanagers()).length === 0 ? { cause: 'not-sent', evidence: [SENT_NOWHERE] } : undefined;
