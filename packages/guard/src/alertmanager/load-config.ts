import { dirname, resolve } from 'node:path';
import {
  checkShape,
  isAlertmanagerSecret,
  isNonEmpty,
  type Path,
  readOneYaml,
  type YamlSource,
} from '../config/index.ts';
import { createMatcher, type Matcher, type MatchOperator, type Problem, UserError } from '../core/index.ts';
import type { AlertmanagerConfig, InhibitRuleConfig, RouteConfig } from './config.ts';
import {
  type ConfigDocument,
  configSchema,
  type InhibitDocument,
  type RouteDocument,
} from './config-schema.ts';
import { parseMatchers, sortMatchers } from './matchers.ts';
import { checkTemplates } from './receivers/read-context.ts';
import { readReceivers } from './receivers/read-receivers.ts';
import { globalSchema } from './receivers/schema.ts';
import { showConfig } from './shown-config.ts';
import { loadTemplates } from './templates/load-templates.ts';
import { readTimeIntervals } from './time-interval-config.ts';
import { findUnsupported } from './unsupported.ts';

/**
 * Reads an Alertmanager configuration file as Alertmanager 0.34 does, as far as the embedded router serves it.
 *
 * @throws UserError with every problem at its place: `unsupported-field` for what only a real Alertmanager knows,
 *   else the codes of config/ and `unknown-receiver`, `unknown-time-interval`, `duplicate-time-interval`, `root-route-times`, `duplicate-receiver`, `no-default-receiver`,
 *   `root-route-matchers`, `root-route-continue`, `bad-group-by`, `bad-matcher`, `bad-regexp`, `bad-url`, `bad-template`
 */
export function loadAlertmanagerConfig(file: string, text: string): AlertmanagerConfig {
  const source = readOneYaml(file, text, { isSecret: isAlertmanagerSecret });
  throwAny(findUnsupported(source));
  const document = checkShape(configSchema, source);
  const reader = createReader(source);
  const config = reader.config(document);
  throwAny(reader.problems);
  return config;
}

function throwAny(problems: readonly Problem[]): void {
  if (isNonEmpty(problems)) throw UserError.ofProblems(problems);
}

/** Reads the parts, collecting problems; a part with a problem reads as something harmless. */
function createReader(source: YamlSource) {
  const problems: Problem[] = [];
  const folder = dirname(resolve(source.file));
  const report = (path: Path, code: string, message: string, remedy?: string) =>
    void problems.push(source.problemAt(path, remedy ? { code, message, remedy } : { code, message }));

  /** Runs `read`, placing what it throws at `path`. */
  function placed<T>(path: Path, fallback: T, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const [problem] = error.problems;
      report(path, error.code, problem!.message, problem!.remedy);
      return fallback;
    }
  }

  function matchers(path: Path, prefix: string, document: Readonly<Record<string, unknown>>): Matcher[] {
    const fromMap = (field: string, operator: MatchOperator) =>
      Object.entries((document[field] ?? {}) as Record<string, string>).flatMap(([name, value]) =>
        placed([...path, field, name], [], () => [createMatcher(name, operator, value)]),
      );
    const listField = `${prefix}matchers`;
    const fromList = ((document[listField] ?? []) as string[]).flatMap((each, i) =>
      placed([...path, listField, i], [], () => parseMatchers(each)),
    );
    return sortMatchers([
      ...fromMap(`${prefix}match`, '='),
      ...fromMap(`${prefix}match_re`, '=~'),
      ...fromList,
    ]);
  }

  function groupBy(document: RouteDocument, path: Path): Pick<RouteConfig, 'groupBy' | 'groupByAll'> {
    const names = document.group_by;
    const groupByAll = names?.includes('...') ?? false;
    const labels = names?.filter(name => name !== '...') ?? [];
    if (groupByAll && labels.length > 0)
      report(
        [...path, 'group_by'],
        'bad-group-by',
        "group_by cannot have '...' and other labels at the same time",
      );
    const twice = labels.find((name, i) => labels.indexOf(name) !== i);
    if (twice !== undefined)
      report(
        [...path, 'group_by'],
        'bad-group-by',
        `label ${JSON.stringify(twice)} stands twice in group_by`,
      );
    return { groupByAll, ...(names && !groupByAll && { groupBy: labels }) };
  }

  function route(document: RouteDocument, path: Path, receivers: ReadonlySet<string>): RouteConfig {
    const { receiver } = document;
    if (receiver !== undefined && !receivers.has(receiver))
      report(
        [...path, 'receiver'],
        'unknown-receiver',
        `there is no receiver named ${JSON.stringify(receiver)}`,
        `name one of ${[...receivers].map(name => JSON.stringify(name)).join(', ') || 'receivers:, which is empty'}`,
      );
    for (const [name, value] of Object.entries(document.labels ?? {}))
      checkTemplates({ report }, value, [...path, 'labels', name]);
    return {
      ...(receiver !== undefined && { receiver }),
      ...groupBy(document, path),
      ...(document.group_wait !== undefined && { groupWait: document.group_wait }),
      ...(document.group_interval !== undefined && { groupInterval: document.group_interval }),
      ...(document.repeat_interval !== undefined && { repeatInterval: document.repeat_interval }),
      matchers: matchers(path, '', document),
      continue: document.continue,
      labels: new Map(Object.entries(document.labels ?? {})),
      routes: (document.routes ?? []).map((child, i) => route(child, [...path, 'routes', i], receivers)),
      muteTimes: document.mute_time_intervals ?? [],
      activeTimes: document.active_time_intervals ?? [],
    };
  }

  function rootRoute(document: RouteDocument, receivers: ReadonlySet<string>): RouteConfig {
    if (!document.receiver)
      report(
        ['route'],
        'no-default-receiver',
        'the root route must name a receiver, for alerts that no other takes',
      );
    if (document.continue)
      report(
        ['route', 'continue'],
        'root-route-continue',
        'the root route must not have continue: no route stands beside it',
      );
    const root = route(document, ['route'], receivers);
    if (root.matchers.length > 0)
      report(
        ['route'],
        'root-route-matchers',
        'the root route must not have any matchers: every alert enters by it',
      );
    return root;
  }

  function inhibitRule(document: InhibitDocument, path: Path): InhibitRuleConfig {
    return {
      name: document.name,
      source: matchers(path, 'source_', document),
      target: matchers(path, 'target_', document),
      equal: document.equal,
    };
  }

  function config(document: ConfigDocument): AlertmanagerConfig {
    const global = document.global ?? globalSchema.parse({});
    const templates = loadTemplates({
      patterns: document.templates ?? [],
      folder,
      onProblem: (path, problem) =>
        void problems.push(problem.position ? problem : source.problemAt(path, problem)),
    });
    const receivers = readReceivers(document.receivers ?? [], { folder, templates, global, report });
    const timeIntervals = readTimeIntervals(document, report);
    return {
      file: source.file,
      shown: showConfig(source.value),
      resolveTimeout: global.resolve_timeout,
      route: rootRoute(document.route, new Set(receivers.map(each => each.name))),
      inhibitRules: (document.inhibit_rules ?? []).map((rule, i) => inhibitRule(rule, ['inhibit_rules', i])),
      receivers,
      templates,
      timeIntervals,
    };
  }

  return { problems, config };
}
