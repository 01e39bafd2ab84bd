import { UserError } from '../core/index.ts';
import type { SloModel } from '../slo/index.ts';
import { generateRoutingFragment } from './alertmanager/fragment.ts';
import type { RoutingOptions } from './alertmanager/routing.ts';
import { runbookFile } from './annotations.ts';
import { ruleNamespace } from './mimir.ts';
import { resourceName } from './operator/resource-name.ts';
import {
  alertmanagerConfig,
  prometheusRule,
  type ResourceOptions,
  serviceMonitor,
} from './operator/resources.ts';
import { generateRules } from './rule-file.ts';
import { runbookPage } from './runbooks/page.ts';
import type { RuleSettings } from './settings.ts';
import { generateRuleTests } from './unit-tests/test-file.ts';

export interface TargetOptions extends RoutingOptions, ResourceOptions {
  readonly rules?: Partial<RuleSettings>;
  /** What a generated file is called after its source, without an extension; may hold slashes. */
  readonly nameOf?: (source: string) => string;
  /** Leaves out the unit tests of the rules. */
  readonly withoutTests?: boolean;
}

/** Texts by their paths, which use slashes. */
export type GeneratedFiles = ReadonlyMap<string, string>;

type Model = Pick<SloModel, 'slos'>;
type Files = Iterable<readonly [path: string, text: string]>;
type Writer = (model: Model, options: TargetOptions) => Files | Promise<Files>;

/** What can be generated from SLOs alone. */
const WRITERS = {
  *prometheus(model, options) {
    for (const { name, slos } of bySource(model, options)) {
      yield [`${name}.rules.yml`, generateRules({ slos }, options.rules)];
      if (options.withoutTests) continue;
      const tests = generateRuleTests(slos, { ruleFile: `${name.split('/').at(-1)}.rules.yml` });
      if (tests !== undefined) yield [`${name}.test.yml`, tests];
    }
  },
  *mimir(model, options) {
    for (const { name, slos } of bySource(model, options))
      yield [`${name}.yaml`, ruleNamespace(name, { slos }, options.rules)];
  },
  *operator(model, options) {
    const { namespace, labels = {} } = options;
    const resource = { namespace, labels };
    for (const { name, slos } of bySource(model, options))
      yield [
        `${name}.prometheusrule.yaml`,
        prometheusRule(name, { slos }, { ...resource, ...options.rules }),
      ];
    for (const service of new Set(model.slos.map(slo => slo.service)))
      yield [`${resourceName(service)}.servicemonitor.yaml`, serviceMonitor(service, model, resource)];
    const { pageReceiver, ticketReceiver } = options;
    yield [
      'alertmanagerconfig.yaml',
      alertmanagerConfig(model, { ...resource, pageReceiver, ticketReceiver }),
    ];
  },
  *alertmanager(model, options) {
    yield ['alertmanager.fragment.yml', generateRoutingFragment(model, options)];
  },
  async grafana(model) {
    return (await import('./grafana.ts')).dashboardFiles(model);
  },
  *docs(model) {
    for (const slo of model.slos) yield [runbookFile(slo), runbookPage(slo)];
  },
} as const satisfies Record<string, Writer>;

export type Target = keyof typeof WRITERS;

export const TARGETS = Object.keys(WRITERS) as Target[];

/**
 * Everything that a target wants for some SLOs, ordered by path. The same model and options give the same bytes.
 *
 * @throws UserError `same-output` when two files would be written to one path
 */
export async function generateTarget(
  target: Target,
  model: Model,
  options: TargetOptions = {},
): Promise<GeneratedFiles> {
  const files = new Map<string, string>();
  for (const [path, text] of await WRITERS[target](model, options)) {
    if (files.has(path)) {
      throw new UserError('same-output', `${path} would be written for two sources`, {
        remedy: 'name their files otherwise',
      });
    }
    files.set(path, text);
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The SLOs of each file, as `nameOf` names it. */
function bySource({ slos }: Model, { nameOf = baseName }: TargetOptions) {
  const sources = [...new Set(slos.map(({ source }) => source.file ?? 'slos'))].sort();
  const groups = Map.groupBy(slos, ({ source }) => source.file ?? 'slos');
  return sources.map(source => ({ name: nameOf(source), slos: groups.get(source)! }));
}

/** The last part of a path, without its extension. */
const baseName = (source: string) =>
  source
    .split('/')
    .at(-1)!
    .replace(/\.[^.]+$/, '');
