import pc from 'picocolors';
import { type Finding, LINT_CODES, type LintCode, type LintReport } from '../../slo/index.ts';
import { printable } from '../columns.ts';
import { counted } from '../counted.ts';

/** What has to be given for the checks that were not made. */
const REMEDIES = {
  files: '',
  prometheus: '--prometheus URL',
  retention: '--retention DURATION or --prometheus URL',
  alertmanager: '--alertmanager-config FILE',
} as const satisfies Record<(typeof LINT_CODES)[LintCode]['needs'], string>;

/** The findings and what they come to, for people. */
export function renderLint(report: LintReport, files: number, color: boolean): string {
  const colors = pc.createColors(color);
  const findings = report.findings.flatMap(finding => [...findingLines(finding, colors), '']);
  return [...findings, ...summaryLines(report, files, colors)].join('\n');
}

type Colors = ReturnType<typeof pc.createColors>;

function findingLines(
  { position, level, message, code, excerpt, remedy }: Finding,
  colors: Colors,
): string[] {
  const place = position ? `${position.file ?? ''}:${position.line}:${position.column}: ` : '';
  const painted = level === 'error' ? colors.red('error') : colors.yellow('warning');
  return [
    `${colors.bold(printable(place))}${painted}: ${printable(message)} ${colors.dim(`[${code}]`)}`,
    ...(excerpt === undefined ? [] : [excerpt]),
    ...(remedy ? [`  remedy: ${printable(remedy)}`] : []),
    ...(Object.hasOwn(LINT_CODES, code) ? [colors.dim(`  see docs/lint/${code}.md`)] : []),
  ];
}

function summaryLines(
  { findings, slos, checked, unchecked }: LintReport,
  files: number,
  colors: Colors,
): string[] {
  const subject = `${counted(slos, 'SLO')} in ${counted(files, 'file')}`;
  const count = (level: string) => findings.filter(finding => finding.level === level).length;
  if (findings.length > 0)
    return [`${subject}: ${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}`];
  return [
    colors.green(`${subject}: nothing found. Checked:`),
    ...checked.map(code => `  ${LINT_CODES[code].holds} ${colors.dim(`[${code}]`)}`),
    ...(unchecked.length > 0 ? ['Not checked:'] : []),
    ...unchecked.map(
      code => `  ${LINT_CODES[code].holds} ${colors.dim(`(give ${REMEDIES[LINT_CODES[code].needs]})`)}`,
    ),
  ];
}
