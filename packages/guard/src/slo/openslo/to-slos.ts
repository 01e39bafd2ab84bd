import type { Path } from '../../config/index.ts';
import { type Problem, ratio } from '../../core/index.ts';
import { PREFIX } from '../annotations.ts';
import type { ResolveContext, Resolved } from '../format.ts';
import { impossibleAlerts, suspiciousAlerts } from '../lint.ts';
import type { RatioSli, Slo } from '../model.ts';
import type { Policy } from '../policies/policy.ts';
import { scalePolicy } from '../policies/scale.ts';
import { selectorFault } from '../selector.ts';
import type { Warning } from '../warnings.ts';
import type { OpenSloDocument } from './read.ts';
import type { IndicatorSpec } from './schema.ts';

type DocumentOf<K extends OpenSloDocument['kind']> = Extract<OpenSloDocument, { kind: K }>;

const RESERVED_LABELS = ['service', 'slo', 'severity', 'alertname'];
const DEFAULT_POLICY = 'seed';

/** The objectives of all documents; references are looked up among all of them. */
export function toSlos(
  documents: readonly OpenSloDocument[],
  { complete, policies }: ResolveContext,
): Resolved {
  const ofKind = <K extends OpenSloDocument['kind']>(kind: K) =>
    documents.filter((document): document is DocumentOf<K> => document.kind === kind);

  const problems: Problem[] = [];
  const services = byName(ofKind('Service'), problems);
  const indicators = byName(ofKind('SLI'), problems);
  const slos: Slo[] = [];
  const warnings: Warning[] = [];
  for (const document of ofKind('SLO')) resolve(document);
  return { slos, problems, warnings };

  function resolve(document: DocumentOf<'SLO'>): void {
    const { spec, metadata, source } = document;
    const before = problems.length;
    const report = (path: Path, problem: Omit<Problem, 'position' | 'excerpt'>) =>
      problems.push(source.problemAt(path, problem));
    const service = services.get(spec.service);
    const indicator = spec.indicator
      ? { spec: spec.indicator.spec, source, path: ['spec', 'indicator', 'spec'] }
      : referenced(spec.indicatorRef!);

    if (!service && complete) {
      report(['spec', 'service'], {
        code: 'unknown-service',
        message: `no Service named ${JSON.stringify(spec.service)} is declared`,
        remedy: 'declare it in a document of kind: Service, in any of the files',
      });
    }
    if (!indicator && complete) {
      report(['spec', 'indicatorRef'], {
        code: 'unknown-indicator',
        message: `no SLI named ${JSON.stringify(spec.indicatorRef)} is declared`,
        remedy: 'declare it in a document of kind: SLI, in any of the files',
      });
    }
    for (const name of RESERVED_LABELS.filter(label => Object.hasOwn(metadata.labels, label))) {
      problems.push(
        source.problemAtKey(['metadata', 'labels', name], {
          code: 'reserved-label',
          message: `label ${name} is set by the generator`,
          remedy: 'choose another name',
        }),
      );
    }
    // An SLI that several objectives share is checked with each, and told once.
    if (indicator)
      problems.push(...selectorProblems(indicator).filter(found => !problems.some(isSame(found))));
    const named = metadata.annotations['slo-guard/policy'] ?? DEFAULT_POLICY;
    const policy = policies.get(named);
    if (!policy) {
      report(['metadata', 'annotations', 'slo-guard/policy'], {
        code: 'unknown-policy',
        message: `there is no policy named ${JSON.stringify(named)}`,
        remedy: `known here: ${policies.names.join(', ')}`,
      });
      return;
    }
    const shape = shapeOf(document, policy);
    for (const fault of impossibleAlerts(shape)) report(['spec', 'objectives', 0], fault);
    if (problems.length > before || !service || !indicator) return;
    const target = ['spec', 'objectives', 0];
    warnings.push(...suspiciousAlerts(shape).map(warning => source.problemAt(target, warning) as Warning));
    slos.push(sloOf(document, service, indicator.spec, shape));
  }

  function referenced(name: string) {
    const document = indicators.get(name);
    return document && { spec: document.spec, source: document.source, path: ['spec'] };
  }
}

const isSame = (a: Problem) => (b: Problem) =>
  a.code === b.code &&
  a.position?.file === b.position?.file &&
  a.position?.line === b.position?.line &&
  a.position?.column === b.position?.column;

function byName<D extends OpenSloDocument>(documents: readonly D[], problems: Problem[]): Map<string, D> {
  const map = new Map<string, D>();
  for (const document of documents) {
    const { name } = document.metadata;
    if (map.has(name)) {
      problems.push(
        document.source.problemAt(['metadata', 'name'], {
          code: `duplicate-${document.kind.toLowerCase()}`,
          message: `another ${document.kind} is named ${name}`,
        }),
      );
    }
    map.set(name, document);
  }
  return map;
}

interface PlacedIndicator {
  readonly spec: IndicatorSpec;
  readonly source: OpenSloDocument['source'];
  readonly path: Path;
}

function selectorProblems({ spec, source, path }: PlacedIndicator): Problem[] {
  return (['good', 'bad', 'total'] as const).flatMap(counter => {
    const query = spec.ratioMetric[counter]?.metricSource.spec.query;
    const fault = query === undefined ? undefined : selectorFault(query);
    if (fault === undefined) return [];
    const place = [...path, 'ratioMetric', counter, 'metricSource', 'spec', 'query'];
    const remedy = 'rates, sums and windows are added by the generator';
    return [source.problemAt(place, { code: 'bad-selector', message: `${counter}: ${fault}`, remedy })];
  });
}

/** Digits of a percentage that mean something; the rest is noise of the division by 100. */
const TARGET_DIGITS = 12;

function shapeOf({ spec }: DocumentOf<'SLO'>, policy: Policy) {
  const [{ target, targetPercent }] = spec.objectives as [(typeof spec.objectives)[number]];
  const window = spec.timeWindow[0]!.duration;
  return {
    objective: ratio(target ?? Number((targetPercent! / 100).toPrecision(TARGET_DIGITS))),
    window,
    policy: scalePolicy(policy, window),
  };
}

function sloOf(
  { metadata, spec, source }: DocumentOf<'SLO'>,
  service: DocumentOf<'Service'>,
  indicator: IndicatorSpec,
  shape: ReturnType<typeof shapeOf>,
): Slo {
  const label = service.metadata.annotations['slo-guard/service-label'] ?? service.metadata.name;
  return {
    objective: shape.objective,
    policy: shape.policy,
    window: { kind: 'rolling', length: shape.window },
    service: label,
    name: metadata.name,
    displayName: metadata.displayName ?? `${service.metadata.displayName ?? label} ${metadata.name}`,
    description: (spec.description ?? '').trim(),
    sli: sliOf(indicator),
    grouping: [],
    budgeting: { method: 'occurrences' },
    exclusions: { guard: undefined, maintenance: [] },
    minimumEvents: undefined,
    absent: undefined,
    notificationTargets: [],
    owner: undefined,
    links: {},
    alertPrefix:
      metadata.annotations['slo-guard/alert-name'] ?? `SLO${pascal(label)}${pascal(metadata.name)}BudgetBurn`,
    recordAlias: metadata.annotations['slo-guard/record-alias'],
    labels: metadata.labels,
    annotations: Object.fromEntries(
      Object.entries(metadata.annotations).filter(([name]) => !name.startsWith(PREFIX)),
    ),
    source: source.positionOf(['metadata', 'name']),
  };
}

function sliOf({ ratioMetric: { good, bad, total } }: IndicatorSpec): RatioSli {
  const query = (counter: typeof total) => counter.metricSource.spec.query.trim();
  return good
    ? { kind: 'ratio', counts: 'good', events: query(good), total: query(total) }
    : { kind: 'ratio', counts: 'bad', events: query(bad!), total: query(total) };
}

const pascal = (name: string) =>
  name
    .split(/[^a-zA-Z0-9]+/)
    .filter(Boolean)
    .map(word => word[0]!.toUpperCase() + word.slice(1))
    .join('');
