import { readTextFile, type TextFile } from '../../config/index.ts';
import { createSystemClock, type Milliseconds, UserError } from '../../core/index.ts';
import {
  type Compat,
  LINT_CODES,
  type LintReport,
  lintModel,
  loadSloFiles,
  type PolicyBook,
} from '../../slo/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { githubAnnotation } from '../github-annotations.ts';
import { interruptSignal } from '../interrupt.ts';
import { createLiveMetrics } from '../lint/live-metrics.ts';
import { renderLint } from '../lint/render-text.ts';
import { liveRetention } from '../lint/retention.ts';
import { routingOf } from '../lint/routing.ts';
import { policyBookOf } from '../policy-option.ts';
import { createPrometheusClient, type PrometheusClient } from '../prometheus/client.ts';
import { type ConnectionFlags, connectionOf, secretsOf } from '../prometheus/connection.ts';
import { readYamlFiles } from '../read-sources.ts';
import { endWithReader, terminalOf } from '../terminal.ts';
import { durationOption } from '../time-option.ts';

export interface LintFlags extends Omit<ConnectionFlags, 'url'> {
  readonly prometheus?: string;
  readonly alertmanagerConfig?: string;
  readonly policy: readonly string[];
  readonly compat?: Compat;
  readonly scrapeInterval?: string;
  readonly retention?: string;
  readonly strict: boolean;
  readonly json: boolean;
  readonly github: boolean;
}

/**
 * `slo-guard lint`: exit code 1 for errors (with `--strict` for warnings too), 2 when a file cannot be read for any other
 * reason than a finding that the reader makes itself.
 */
export async function lint(paths: readonly string[], flags: LintFlags): Promise<ExitCode> {
  endWithReader(process.stdout);
  if (flags.json && flags.github) throw new UserError('bad-option', 'give either --json or --github');
  const files = paths.flatMap(readYamlFiles);
  const signal = interruptSignal();
  try {
    const { report, isReadable } = await reportOf(files, flags, signal);
    process.stdout.write(rendered(report, files.length, flags));
    const isBad = report.findings.some(({ level }) => level === 'error' || flags.strict);
    return !isReadable ? EXIT.wrongUse : isBad ? EXIT.no : EXIT.good;
  } catch (error) {
    if (!signal.aborted) throw error;
    return EXIT.interrupted;
  }
}

async function reportOf(files: readonly TextFile[], flags: LintFlags, signal: AbortSignal) {
  const { policy, compat, scrapeInterval, alertmanagerConfig } = flags;
  const policies = policyBookOf(policy);
  const routing = alertmanagerConfig === undefined ? undefined : routingOf(readTextFile(alertmanagerConfig));
  const given = {
    scrapeInterval: optionalDuration('--scrape-interval', scrapeInterval),
    retention: optionalDuration('--retention', flags.retention),
  };
  const model = loadOrProblems(files, policies);
  if ('findings' in model)
    return { report: model, isReadable: model.findings.every(({ code }) => isLintCode(code)) };
  const client = clientOf(flags, signal);
  try {
    const report = await lintModel(model, {
      texts: new Map(files.map(({ file, text }) => [file, text])),
      compat,
      routing,
      live: client && createLiveMetrics(client, createSystemClock().now()),
      ...given,
      retention: given.retention ?? (client && (await liveRetention(client))),
    });
    return { report, isReadable: true };
  } finally {
    await client?.close();
  }
}

/** The problems of files that cannot be read are findings like others: a pipeline shows them in the same place. */
function loadOrProblems(files: readonly TextFile[], policies: PolicyBook) {
  try {
    return loadSloFiles(files, { policies });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const findings = error.problems.map(problem => ({ ...problem, level: 'error' as const }));
    return { findings, slos: 0, checked: [], unchecked: [] } satisfies LintReport;
  }
}

const isLintCode = (code: string) => Object.hasOwn(LINT_CODES, code);

function clientOf({ prometheus, ...flags }: LintFlags, signal: AbortSignal): PrometheusClient | undefined {
  if (prometheus === undefined) return undefined;
  const connection = connectionOf({ ...flags, url: prometheus }, secretsOf(process.env), '--prometheus');
  return createPrometheusClient({ connection, signal });
}

const optionalDuration = (flag: string, text: string | undefined): Milliseconds | undefined =>
  text === undefined ? undefined : durationOption(flag, text);

function rendered(report: LintReport, files: number, { json, github }: LintFlags): string {
  if (json) return `${JSON.stringify({ files, ...report }, null, 2)}\n`;
  if (!github) return `${renderLint(report, files, terminalOf(process.stdout, process.env).color)}\n`;
  return report.findings
    .map(({ level, code, message, remedy, position }) => {
      const text = remedy ? `${message}\nremedy: ${remedy}` : message;
      return `${githubAnnotation({ level, title: `slo-guard ${code}`, message: text, position })}\n`;
    })
    .join('');
}
