import { escapeXml } from '../core/index.ts';
import type { DrillReport, StageResult } from './report-model.ts';

/** JUnit XML: a test suite a drill; a test case a stage, and one for the verdict, which alone fails. */
export function renderJunit(reports: readonly DrillReport[]): string {
  const failures = reports.filter(({ passed }) => !passed).length;
  const tests = reports.reduce((sum, report) => sum + casesOf(report).length + 1, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${tests}" failures="${failures}">`,
    ...reports.flatMap(suite),
    '</testsuites>',
    '',
  ].join('\n');
}

const casesOf = ({ phases }: DrillReport): readonly StageResult[] => phases.flatMap(({ stages }) => stages);

function suite(report: DrillReport): string[] {
  const { drill, passed, durationSeconds, startedAt, notes } = report;
  const stages = casesOf(report);
  const skipped = stages.filter(({ measured }) => measured === undefined).length;
  const counts = `tests="${stages.length + 1}" failures="${passed ? 0 : 1}" skipped="${skipped}"`;
  const times = `time="${durationSeconds.toFixed(3)}" timestamp="${new Date(startedAt).toISOString()}"`;
  return [
    `  <testsuite name="${escapeXml(drill)}" ${counts} ${times}>`,
    ...stages.map(
      ({ stage, measured }) =>
        `    ${testCase(drill, stage, measured ?? 0, measured === undefined ? '<skipped message="did not come"/>' : '')}`,
    ),
    `    ${testCase(drill, 'verdict', durationSeconds, failuresOf(report))}`,
    `    <system-out>${escapeXml(notes.join('\n'))}</system-out>`,
    '  </testsuite>',
  ];
}

const testCase = (drill: string, name: string, seconds: number, content: string): string =>
  `<testcase classname="${escapeXml(drill)}" name="${escapeXml(name)}" time="${seconds.toFixed(3)}">${content}</testcase>`;

/** One element for all: a test case may hold one failure only. */
function failuresOf({ failures, diagnosis }: DrillReport): string {
  if (failures.length === 0) return '';
  const detail = [
    ...failures,
    ...(diagnosis ? [...diagnosis.evidence, `remedy: ${diagnosis.remedy}`] : []),
  ].join('\n');
  return `<failure message="${escapeXml(failures[0]!)}">${escapeXml(detail)}</failure>`;
}
