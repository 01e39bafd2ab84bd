import { escapeXml, type Milliseconds } from '../core/index.ts';
import type { FileOutcome, GroupOutcome } from './outcome.ts';
import { renderFailure } from './render-text.ts';

/** JUnit XML: a suite a file, a case a group of tests (util/junitxml of Prometheus), with times. */
export function renderTestJunit(files: readonly FileOutcome[], at: Milliseconds): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    ...files.flatMap(file => suite(file, at)),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite({ file, refusal, groups }: FileOutcome, at: Milliseconds): string[] {
  const failures = groups.reduce((sum, group) => sum + group.failures.length, 0);
  const errors = refusal === undefined ? 0 : 1;
  const tests = groups.length + errors;
  const counts = `tests="${tests}" failures="${failures}" errors="${errors}" skipped="0"`;
  const timestamp = new Date(at).toISOString().slice(0, 19);
  return [
    `  <testsuite name="${escapeXml(file)}" ${counts} timestamp="${timestamp}">`,
    ...(refusal === undefined
      ? []
      : [`    <testcase name="unknown"><error>${escapeXml(refusal)}</error></testcase>`]),
    ...groups.map(testCase),
    '  </testsuite>',
  ];
}

function testCase({ title, failures, duration }: GroupOutcome): string {
  const told = failures
    .map(failure => `<failure>${escapeXml(renderFailure(failure, ''))}</failure>`)
    .join('');
  return `    <testcase name="${escapeXml(title)}" time="${(duration / 1000).toFixed(3)}">${told}</testcase>`;
}
