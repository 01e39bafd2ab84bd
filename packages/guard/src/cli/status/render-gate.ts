import pc from 'picocolors';
import { escapeXml, type Milliseconds } from '../../core/index.ts';
import { githubAnnotation } from '../github-annotations.ts';
import type { GateVerdict } from './gate.ts';
import { budgetText, burnText, nameOf } from './render-status.ts';

export const NOTHING_RECORDED = 'no SLO is recorded there: without data there is no budget to deploy on';

/** A line for each objective, with the reasons of those that refuse below it. */
export function renderGate(verdicts: readonly GateVerdict[], color: boolean): string {
  const colors = pc.createColors(color);
  if (verdicts.length === 0) return colors.red(`refused: ${NOTHING_RECORDED}`);
  return verdicts
    .flatMap(({ status, reasons }) => {
      const facts = `${nameOf(status)}  ${budgetText(status.budgetRemaining)} left  burn ${burnText(status)}`;
      return reasons.length === 0
        ? [`${colors.green('pass')}    ${facts}`]
        : [`${colors.red('refuse')}  ${facts}`, ...reasons.map(reason => `          ${reason}`)];
    })
    .join('\n');
}

/** JUnit XML: a case for each objective. */
export function renderGateJunit(verdicts: readonly GateVerdict[], at: Milliseconds): string {
  const cases =
    verdicts.length === 0
      ? [testCase('recorded SLOs', 'slo-guard', [NOTHING_RECORDED])]
      : verdicts.map(({ status, reasons }) => testCase(nameOf(status), status.service, reasons));
  const failures = verdicts.length === 0 ? 1 : verdicts.filter(({ reasons }) => reasons.length > 0).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="slo-guard gate" ${counts} timestamp="${new Date(at).toISOString().slice(0, 19)}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(name: string, className: string, reasons: readonly string[]): string {
  const told = reasons.map(reason => `<failure message="${escapeXml(reason)}"/>`).join('');
  return `    <testcase name="${escapeXml(name)}" classname="${escapeXml(className)}">${told}</testcase>`;
}

/** An annotation for each objective that refuses, at its declaration where files were given. */
export function renderGateAnnotations(verdicts: readonly GateVerdict[]): string {
  const title = 'slo-guard gate';
  if (verdicts.length === 0) return githubAnnotation({ level: 'error', title, message: NOTHING_RECORDED });
  return verdicts
    .filter(({ reasons }) => reasons.length > 0)
    .map(({ status, reasons }) =>
      githubAnnotation({
        level: 'error',
        title,
        message: `${nameOf(status)}: ${reasons.join('; ')}`,
        position: status.source,
      }),
    )
    .join('\n');
}
