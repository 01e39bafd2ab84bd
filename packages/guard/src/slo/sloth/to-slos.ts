import { formatDuration, milliseconds, type Problem, ratio } from '../../core/index.ts';
import type { Resolved } from '../format.ts';
import { impossibleAlerts, suspiciousAlerts } from '../lint.ts';
import type { Sli, Slo, WindowedQuery } from '../model.ts';
import type { Policy } from '../policies/policy.ts';
import { reachableOnly } from '../reachable.ts';
import type { Warning } from '../warnings.ts';
import { alertText } from './alert-text.ts';
import type { SlothDocument } from './document.ts';
import { policyFor } from './policy.ts';
import { compileQuery } from './query.ts';
import type { SlothSli, SlothSlo, SlothSpec } from './spec.ts';

/** Digits of a percentage that mean something; the rest is noise of the division by 100. */
const OBJECTIVE_DIGITS = 12;

/** The objectives of all documents; catalogues of alert windows among them hold for all. */
export function toSlos(documents: readonly SlothDocument[]): Resolved {
  const problems: Problem[] = [];
  const warnings: Warning[] = [];
  const policy = policyFor(documents, problems);
  const slos: Slo[] = [];
  for (const { spec } of documents) {
    for (const slo of spec?.slos ?? []) {
      const resolved = resolve(spec!, slo, policy);
      problems.push(...resolved.problems);
      warnings.push(...resolved.warnings);
      slos.push(...resolved.slos);
    }
  }
  return { slos, problems, warnings };
}

function resolve(spec: SlothSpec, slo: SlothSlo, policy: Policy): Resolved {
  const { source } = spec;
  const at = [...slo.path, 'objective'];
  if (slo.objective === 100) {
    const problem = source.problemAt(at, {
      code: 'no-budget',
      message: 'an objective of 100 leaves no budget that could burn',
      remedy: 'state how much may fail, such as 99.99',
    });
    return { slos: [], problems: [problem], warnings: [] };
  }
  const whole = {
    objective: ratio(Number((slo.objective / 100).toPrecision(OBJECTIVE_DIGITS))),
    window: policy.period,
    policy: { ...policy, tiers: policy.tiers.filter(({ severity }) => slo[severity] !== undefined) },
  };
  const reachable = reachableOnly(whole);
  const shape = { ...whole, policy: reachable.policy };
  const problems = impossibleAlerts(shape).map(problem => source.problemAt(at, problem));
  const { labels, annotations, warnings } = alertText(spec, slo);
  const suspicious = [...reachable.leftOut, ...suspiciousAlerts(shape)].map(
    warning => source.problemAt(at, warning) as Warning,
  );
  return {
    slos: problems.length > 0 ? [] : [sloOf(spec, slo, { ...shape, labels, annotations })],
    problems,
    warnings: [...warnings, ...suspicious],
  };
}

type Shape = Pick<Slo, 'objective' | 'policy' | 'labels' | 'annotations'>;

const sloOf = ({ service, source }: SlothSpec, slo: SlothSlo, shape: Shape): Slo => ({
  ...shape,
  service,
  name: slo.name,
  displayName: `${service} ${slo.name}`,
  description: slo.description.trim(),
  sli: sliOf(slo.sli),
  grouping: [],
  window: { kind: 'rolling', length: milliseconds(shape.policy.period) },
  budgeting: { method: 'occurrences' },
  exclusions: { guard: undefined, maintenance: [] },
  minimumEvents: undefined,
  absent: undefined,
  notificationTargets: [],
  alertPrefix: (slo.page ?? slo.ticket)?.name ?? slo.name,
  recordAlias: undefined,
  owner: undefined,
  links: {},
  source: source.positionOf([...slo.path, 'name']),
});

const sliOf = (sli: SlothSli): Sli =>
  sli.kind === 'events'
    ? { kind: 'queries', counts: 'bad', events: queryOf(sli.errorQuery), total: queryOf(sli.totalQuery) }
    : { kind: 'raw', counts: 'bad', ratio: queryOf(sli.errorRatioQuery) };

function queryOf(text: string): WindowedQuery {
  const render = compileQuery(text);
  return { text, over: window => render(formatDuration(window)).trim() };
}
