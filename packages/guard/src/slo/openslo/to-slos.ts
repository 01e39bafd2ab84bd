import type { Problem } from '../../core/index.ts';
import { absentOf, foreignAnnotations, groupingOf, linksOf, maintenanceOf } from '../annotations.ts';
import type { ResolveContext, Resolved } from '../format.ts';
import { impossibleAlerts, suspiciousAlerts } from '../lint.ts';
import { merged } from '../maintenance/intervals.ts';
import type { Slo, TimeWindow } from '../model.ts';
import { createReporter } from '../reporter.ts';
import { usualLength } from '../time-window.ts';
import type { Warning } from '../warnings.ts';
import { type Alerting, alertingOf, checkPolicy } from './alerting.ts';
import { type Context, type Place, within } from './context.ts';
import { checkSli, indicatorOf, sliOf } from './indicator.ts';
import { labelsOf, RESERVED_LABELS } from './labels.ts';
import { namedAlerting } from './named-policy.ts';
import { namesOf, targetOf } from './objective.ts';
import type { DocumentOf, OpenSloDocument } from './read.ts';
import { createRegistry } from './registry.ts';
import { type ServiceFacts, serviceOf } from './service.ts';
import { budgetingOf, windowOf } from './window.ts';

type SloDocument = DocumentOf<'SLO'>;

/** The objectives of all documents; references are looked up among all of them. */
export function toSlos(documents: readonly OpenSloDocument[], given: ResolveContext): Resolved {
  const report = createReporter();
  const registry = createRegistry(documents);
  const context: Context = { ...given, registry, report };
  const slos = documents.flatMap(document => (document.kind === 'SLO' ? slosOf(document, context) : []));
  for (const document of documents) {
    if (document.kind === 'SLI') checkSli(document, context);
    if (document.kind === 'AlertPolicy') checkPolicy(document, context);
  }
  return { slos, problems: [...registry.problems, ...report.problems], warnings: report.warnings };
}

/** Whole objectives only: of each that lacks something, what is wrong is told. */
function slosOf(document: SloDocument, context: Context): Slo[] {
  const { spec, metadata, source } = document;
  const whole: Place = { source, path: ['spec'] };
  const service = serviceOf(document, context);
  const window = windowOf(spec, whole, context);
  const labels = labelsOf(metadata, { source, path: ['metadata'] }, context);
  const grouping = groupingAt(document, context);
  const alerting = window && alertingAt(document, window, context);
  tellComposite(document, context);
  return spec.objectives.flatMap((_, index) => {
    const facts = { service, window, labels, grouping, alerting };
    return sloOf(document, index, facts, context) ?? [];
  });
}

interface SharedFacts {
  readonly service: ServiceFacts | undefined;
  readonly window: TimeWindow | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly grouping: readonly string[];
  readonly alerting: Alerting | undefined;
}

function sloOf(
  document: SloDocument,
  index: number,
  { service, window, labels, grouping, alerting }: SharedFacts,
  context: Context,
): Slo | undefined {
  const { spec, metadata, source } = document;
  const { annotations } = metadata;
  const objective = spec.objectives[index]!;
  const place: Place = { source, path: ['spec', 'objectives', index] };
  const budgeting = budgetingOf(spec, objective, place, context);
  const indicator = indicatorOf(document, index, context);
  const isNativeHistogram = [annotations, indicator?.annotations].some(of => of?.['slo-guard/histogram']);
  const sli =
    indicator && sliOf(indicator, { objective, objectivePlace: place, grouping, isNativeHistogram }, context);
  const target = targetOf(objective);
  if (window && alerting) checkAlerts({ target, window, alerting }, place, context);
  if (!service || !window || !alerting || !budgeting || !sli) return undefined;
  return {
    service: service.label,
    ...namesOf(document, objective, service),
    description: (spec.description ?? '').trim(),
    sli,
    grouping,
    objective: target,
    window,
    budgeting,
    exclusions: {
      guard: annotations['slo-guard/exclude-when']?.trim(),
      maintenance: merged(maintenanceOf(annotations['slo-guard/maintenance'])),
    },
    policy: alerting.policy,
    minimumEvents: numberOf(annotations['slo-guard/minimum-events']),
    absent: absentAt(annotations['slo-guard/absent'], alerting),
    notificationTargets: alerting.notificationTargets,
    owner: annotations['slo-guard/owner'] ?? service.owner,
    links: { ...service.links, ...linksOf(annotations) },
    labels,
    annotations: foreignAnnotations(annotations),
    source: source.positionOf(spec.objectives.length === 1 ? ['metadata', 'name'] : place.path),
  };
}

const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));

const absentAt = (text: string | undefined, { absent }: Alerting) =>
  text === undefined ? absent : absentOf(text);

function groupingAt({ metadata, source }: SloDocument, { report }: Context): string[] {
  const text = metadata.annotations['slo-guard/group-by'];
  const grouping = text === undefined ? [] : groupingOf(text);
  const reserved = grouping.find(name => RESERVED_LABELS.includes(name));
  if (reserved !== undefined)
    report.problem(
      source.problemAt(['metadata', 'annotations', 'slo-guard/group-by'], {
        code: 'reserved-label',
        message: `label ${reserved} is set by the generator`,
        remedy: 'rename the label of the metric by relabelling',
      }),
    );
  return grouping;
}

function alertingAt(document: SloDocument, window: TimeWindow, context: Context): Alerting | undefined {
  const { spec, metadata, source } = document;
  const period = usualLength(window);
  const place: Place = { source, path: ['metadata', 'annotations', 'slo-guard/policy'] };
  const named = metadata.annotations['slo-guard/policy'];
  if (spec.alertPolicies === undefined) return namedAlerting(named, period, place, context);
  if (named !== undefined)
    context.report.problem(
      source.problemAtKey(place.path, {
        code: 'conflicting-policy',
        message: 'alertPolicies and the annotation slo-guard/policy both say when to alert',
        remedy: 'remove one of them',
      }),
    );
  return alertingOf(spec.alertPolicies, period, within({ source, path: ['spec'] }, 'alertPolicies'), context);
}

function checkAlerts(
  { target, window, alerting }: { target: Slo['objective']; window: TimeWindow; alerting: Alerting },
  { source, path }: Place,
  { report }: Context,
): void {
  const shape = { objective: target, window: usualLength(window), policy: alerting.policy };
  const placed = (problem: Omit<Problem, 'position' | 'excerpt'>) => source.problemAt(path, problem);
  for (const fault of impossibleAlerts(shape)) report.problem(placed(fault));
  for (const warning of suspiciousAlerts(shape)) report.warning(placed(warning) as Warning);
}

/** v1 does not say how weights and budgets of several indicators become one. */
function tellComposite({ spec, source }: SloDocument, { report }: Context): void {
  for (const [i, { compositeWeight }] of spec.objectives.entries()) {
    if (compositeWeight === undefined) continue;
    report.problem(
      source.problemAtKey(['spec', 'objectives', i, 'compositeWeight'], {
        code: 'unsupported-field',
        message:
          'compositeWeight of OpenSLO is not carried out: v1 does not say what a weight does to a budget',
        remedy: 'remove it: each objective is an SLO of its own',
      }),
    );
  }
}
