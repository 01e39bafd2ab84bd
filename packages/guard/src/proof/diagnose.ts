import { messageOf, unreachable } from '../core/index.ts';
import { type Cause, REMEDIES } from './causes.ts';
import { failure } from './codes.ts';
import { burnFinding, faultFinding, ruleFinding, scrapeFinding } from './findings-metrics.ts';
import { deliveryFinding, routerFinding } from './findings-routing.ts';
import type { ProbeContext, Stage } from './stages.ts';

/** What a look at the hop before a missing stage gave. */
export interface Finding {
  readonly cause: Cause;
  readonly evidence: readonly string[];
}

/** What can be missing: a stage of the page, or the trace that is looked for after it. */
export type Missing = Stage | 'joined trace';

/** Why a stage did not come: the broken hop, what was seen there, and what to do. */
export interface Diagnosis extends Finding {
  readonly stage: Missing;
  readonly hop: string;
  readonly remedy: string;
}

/** Looks at the hop before a missing stage. Never throws: a part that does not answer is the finding. */
export async function diagnose(stage: Stage, context: ProbeContext): Promise<Diagnosis> {
  return diagnosisOf(
    stage,
    HOPS[stage],
    await find(stage, context).catch(
      (error: unknown): Finding => ({ cause: 'part-unreachable', evidence: [messageOf(error)] }),
    ),
  );
}

export const diagnosisOf = (stage: Missing, hop: string, finding: Finding): Diagnosis => ({
  stage,
  hop,
  ...finding,
  remedy: REMEDIES[finding.cause],
});

/** The failure that a broken hop is. */
export const brokenHop = (what: string, { hop, cause }: Diagnosis): string =>
  failure('hop-broken', `${what}; broken hop: ${hop} (${cause})`);

/** The hop that each stage shows to work. */
export const HOPS: Readonly<Record<Stage, string>> = {
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

function find(stage: Stage, context: ProbeContext): Promise<Finding> {
  switch (stage) {
    case 'failing responses':
      return faultFinding(context);
    case 'samples scraped':
      return scrapeFinding(context);
    case 'burn over threshold':
    case 'burn below threshold':
      return burnFinding(context);
    case 'alert firing':
    case 'alert resolved':
      return ruleFinding(context, context.alert.name);
    case 'at Alertmanager':
      return routerFinding(context);
    case 'page delivered':
    case 'resolve delivered':
      return deliveryFinding(context);
    default:
      return unreachable(stage);
  }
}
