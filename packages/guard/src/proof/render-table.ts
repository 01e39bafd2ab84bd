import Table from 'cli-table3';
import pc from 'picocolors';
import type { Diagnosis } from './diagnose.ts';
import { type DrillReport, type Figure, isKept, type StageResult } from './report-model.ts';

type Paint = ReturnType<typeof pc.createColors>;

const seconds = (value: number) => (Number.isFinite(value) ? `${value.toFixed(1)} s` : 'never');

/** A verdict as a table for the terminal; without colour codes unless `color`. */
export function renderReport(report: DrillReport, color: boolean): string {
  const paint = pc.createColors(color);
  const verdict = report.passed ? paint.green('PASSED') : paint.red('FAILED');
  return [
    ...(report.phases.length > 0 ? [tableOf(report, paint)] : []),
    ...report.notes.map(note => `  ${note}`),
    ...report.failures.map(failure => paint.red(`  ${failure}`)),
    ...(report.diagnosis === undefined ? [] : whatToDo(report.diagnosis)),
    `${verdict} drill ${report.drill} after ${seconds(report.durationSeconds)}`,
  ].join('\n');
}

const whatToDo = ({ evidence, remedy }: Diagnosis): string[] => [
  ...evidence.map(line => `    ${line}`),
  `    remedy: ${remedy}`,
];

function tableOf({ phases, figures }: DrillReport, paint: Paint): string {
  const table = new Table({
    head: ['', 'measured', 'predicted', ''],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'left', 'left'],
  });
  const section = (title: string) => table.push([{ colSpan: 4, content: paint.bold(title) }]);
  for (const { since, stages } of phases) {
    section(`since ${since}`);
    for (const result of stages) table.push(stageRow(result, paint));
  }
  if (figures.length > 0) section('bounds');
  for (const figure of figures) table.push(figureRow(figure, paint));
  return table.toString();
}

function stageRow({ stage, measured, predicted }: StageResult, paint: Paint): string[] {
  const span = Number.isFinite(predicted.latest)
    ? `${predicted.earliest.toFixed(1)} to ${seconds(predicted.latest)}`
    : 'never';
  const came = measured === undefined ? paint.red('did not come') : seconds(measured);
  return [`  ${stage}`, came, span, remark(measured, predicted, paint)];
}

/** Half of the drill's own polling: what a reading cannot be better than. */
const READING_ERROR = 0.25;

function remark(
  measured: number | undefined,
  { earliest, latest }: StageResult['predicted'],
  paint: Paint,
): string {
  if (measured === undefined) return '';
  if (!Number.isFinite(earliest)) return paint.yellow('not predicted');
  if (measured > latest + READING_ERROR) return paint.yellow(`${seconds(measured - latest)} later`);
  if (measured < earliest - READING_ERROR) return paint.yellow(`${seconds(earliest - measured)} sooner`);
  return paint.green('as predicted');
}

function figureRow(figure: Figure, paint: Paint): string[] {
  const { name, measured, bound } = figure;
  const kept = isKept(figure) ? paint.green('kept') : paint.red('broken');
  return [`  ${name}`, seconds(measured), `at most ${seconds(bound)}`, kept];
}
