import Table from 'cli-table3';
import pc from 'picocolors';
import type { DrillReport, StageResult } from './run-drill.ts';

const seconds = (value: number) => (Number.isFinite(value) ? `${value.toFixed(1)} s` : 'never');

/** A verdict as a table for the terminal; without colour codes unless `color`. */
export function renderReport(report: DrillReport, color: boolean): string {
  const paint = pc.createColors(color);
  const table = new Table({ head: ['stage', 'measured', 'predicted', ''], style: { head: [], border: [] } });
  const rows = (origin: string, results: readonly StageResult[]) => {
    if (results.length === 0) return;
    table.push([{ colSpan: 4, content: paint.dim(origin) }]);
    for (const { stage, measured, predicted } of results) {
      const span = `${seconds(predicted.earliest)} to ${seconds(predicted.latest)}`;
      table.push([
        stage,
        measured === undefined ? paint.red('did not come') : seconds(measured),
        span,
        remark(measured, predicted),
      ]);
    }
  };
  rows('since the first failing response', report.detection);
  rows('since the fault was removed', report.recovery);
  const verdict = report.passed ? paint.green('PASSED') : paint.red('FAILED');
  return [
    ...(table.length > 0 ? [table.toString()] : []),
    ...report.notes.map(note => `  ${note}`),
    ...report.failures.map(failure => paint.red(`  ${failure}`)),
    ...(report.diagnosis?.evidence.map(line => `    ${line}`) ?? []),
    `${verdict} drill ${report.drill}`,
  ].join('\n');
}

function remark(measured: number | undefined, { latest }: StageResult['predicted']): string {
  if (measured === undefined) return '';
  return measured <= latest + 0.25 ? 'as predicted' : `${seconds(measured - latest)} later than predicted`;
}

const escapeXml = (text: string) => text.replace(/[<>&"']/g, character => `&#${character.charCodeAt(0)};`);

/** JUnit XML: a test suite a drill, a test case a stage, and one for the verdict. */
export function renderJunit(reports: readonly DrillReport[]): string {
  const suites = reports.map(report => {
    const stages = [...report.detection, ...report.recovery];
    const cases = stages.map(
      ({ stage, measured }) =>
        `    <testcase classname="${escapeXml(report.drill)}" name="${escapeXml(stage)}" time="${measured ?? 0}">${measured === undefined ? '<failure message="did not come"/>' : ''}</testcase>`,
    );
    const failure = report.failures
      .map(
        text =>
          `<failure message="${escapeXml(text)}">${escapeXml(report.diagnosis?.evidence.join('\n') ?? '')}</failure>`,
      )
      .join('');
    const absent = stages.filter(({ measured }) => measured === undefined).length;
    return [
      `  <testsuite name="${escapeXml(report.drill)}" tests="${cases.length + 1}" failures="${absent + (report.passed ? 0 : 1)}">`,
      ...cases,
      `    <testcase classname="${escapeXml(report.drill)}" name="verdict">${failure}</testcase>`,
      '  </testsuite>',
    ].join('\n');
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>', ''].join(
    '\n',
  );
}
