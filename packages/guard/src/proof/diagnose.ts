import { messageOf, unreachable } from '../core/index.ts';
import { burnFinding, faultFinding, ruleFinding, scrapeFinding } from './findings-metrics.ts';
import { deliveryFinding, routerFinding } from './findings-routing.ts';
import type { ProbeContext, Stage } from './stages.ts';

/** What is broken; stable names for machines that read the report. */
export type Cause =
  | 'part-unreachable'
  | 'fault-inactive'
  | 'fault-without-effect'
  | 'gateway-unanswered'
  | 'target-missing'
  | 'target-down'
  | 'series-absent'
  | 'series-flat'
  | 'rule-missing'
  | 'rule-failing'
  | 'condition-unmet'
  | 'not-sent'
  | 'silenced'
  | 'inhibited'
  | 'delivery-failing'
  | 'not-received';

/** What a look at the hop before a missing stage gave. */
export interface Finding {
  readonly cause: Cause;
  readonly evidence: readonly string[];
}

/** Why a stage did not come: the broken hop, and what was seen there. */
export interface Diagnosis extends Finding {
  readonly stage: Stage;
  readonly hop: string;
}

/** Looks at the hop before a missing stage. Never throws: a part that does not answer is the finding. */
export async function diagnose(stage: Stage, context: ProbeContext): Promise<Diagnosis> {
  const hop = HOPS[stage];
  try {
    return { stage, hop, ...(await find(stage, context)) };
  } catch (error) {
    return { stage, hop, cause: 'part-unreachable', evidence: [messageOf(error)] };
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
