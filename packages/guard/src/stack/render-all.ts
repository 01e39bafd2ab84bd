import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNonEmpty } from '../config/index.ts';
import { type Problem, UserError } from '../core/index.ts';
import { GENERATE_COMMAND, generatedHeader, generateRules, generateRuleTests } from '../generate/index.ts';
import { loadSloFiles, type SloFile, type SloModel } from '../slo/index.ts';
import { loadStack, type Stack } from './model.ts';
import { renderAlertmanagerConfig } from './render-alertmanager.ts';
import { renderCollectorConfig } from './render-collector.ts';
import { renderGrafanaDatasources, renderGrafanaProvider } from './render-grafana.ts';
import { renderPrometheusConfig } from './render-prometheus.ts';
import { RULE_FILE_NAMES } from './rule-files.ts';

/** The texts that everything under `deploy/` is made from. */
export interface Sources {
  readonly stack: SloFile;
  readonly slos: readonly SloFile[];
}

/** The rule file of a stack: its SLOs' rules and its own alerts. Both engines load the same bytes. */
const renderRules = (stack: Stack, model: SloModel, stackFile = 'stack.yaml'): string =>
  generateRules(model, {
    interval: stack.intervals.evaluation,
    runbookUrl: stack.links.runbook,
    dashboardUrl: stack.links.console,
    tracesUrl: stack.links.traces,
    extraAlerts: stack.alerts,
    extraSources: [stackFile],
  });

/** Unit tests of these rules; the comment alone where no SLO can be tested. */
const renderRuleTests = (model: SloModel, stackFile: string): string =>
  generateRuleTests(model.slos, { ruleFile: 'rules.yml', extraSources: [stackFile] }) ??
  generatedHeader([stackFile]);

/**
 * Every generated file by its path from the repository's root.
 *
 * @throws UserError with the problems of the sources
 */
export async function generateAll({ stack: stackFile, slos }: Sources): Promise<Map<string, string>> {
  const stack = loadStack(stackFile.file, stackFile.text);
  const model = loadSloFiles(slos);
  const named = [stackFile.file];
  const { dashboardJson } = await import('../generate/grafana.ts');
  return new Map([
    ['deploy/prometheus/rules.yml', renderRules(stack, model, stackFile.file)],
    ['deploy/prometheus/rules.test.yml', renderRuleTests(model, stackFile.file)],
    [
      'deploy/prometheus/prometheus.yml',
      renderPrometheusConfig(stack, 'compose', { ruleFiles: RULE_FILE_NAMES, sources: named }),
    ],
    [
      'deploy/guard/prometheus.yml',
      renderPrometheusConfig(stack, 'compose-guard', { ruleFiles: RULE_FILE_NAMES, sources: named }),
    ],
    ['deploy/alertmanager/alertmanager.yml', renderAlertmanagerConfig(stack, 'compose', named)],
    ['deploy/otel-collector/config.yaml', renderCollectorConfig(stack, named)],
    ['deploy/grafana/provisioning/datasources/datasources.yaml', renderGrafanaDatasources(stack, named)],
    ['deploy/grafana/provisioning/dashboards/dashboards.yaml', renderGrafanaProvider(named)],
    ['deploy/grafana/dashboards/slo-guard.json', dashboardJson(model)],
  ]);
}

/**
 * Compares generated files with those under `root`.
 *
 * @throws UserError `generated-file-missing` or `generated-file-differs`, one problem a file, with the first line that differs
 */
export function checkAll(
  root: string,
  files: ReadonlyMap<string, string>,
  command: string = GENERATE_COMMAND,
): void {
  const problems = [...files].flatMap(([path, content]): Problem[] => {
    const found = contentOf(join(root, path));
    if (found === content) return [];
    const remedy = `run \`${command}\` and commit what it writes`;
    if (found === undefined) {
      return [{ code: 'generated-file-missing', message: `${path} does not exist`, remedy }];
    }
    const position = { file: path, line: firstDifference(found, content), column: 1 };
    const message = 'differs from what its sources give';
    return [{ code: 'generated-file-differs', message, position, remedy }];
  });
  if (isNonEmpty(problems)) throw UserError.ofProblems(problems);
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function firstDifference(found: string, wanted: string): number {
  const lines = wanted.split('\n');
  const index = found.split('\n').findIndex((line, i) => line !== lines[i]);
  return (index === -1 ? found.split('\n').length : index) + 1;
}
