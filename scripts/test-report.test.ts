import { expect, test } from 'vitest';
import { outcomeOf } from './test-report.ts';

const counts = { numPassedTests: 3, numPendingTests: 1, numTodoTests: 1 };
const passed = { status: 'passed', fullName: 'is well', failureMessages: [] };

test('counts what passed and what was left out', () => {
  const report = {
    ...counts,
    testResults: [{ name: '/root/a.test.ts', status: 'passed', message: '', assertionResults: [passed] }],
  };
  expect(outcomeOf(report, '/root')).toEqual({ passed: 3, skipped: 2, failures: [] });
});

test('names each failed test with its file and the beginning of its message, without colours', () => {
  const long = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\n');
  const failed = {
    status: 'failed',
    fullName: 'the store keeps all',
    failureMessages: [`\u001b[31m${long}`],
  };
  const report = {
    ...counts,
    testResults: [
      { name: '/root/a/b.test.ts', status: 'failed', message: '', assertionResults: [passed, failed] },
    ],
  };
  const [only, ...others] = outcomeOf(report, '/root').failures;
  expect(others).toEqual([]);
  expect(only).toMatch(/^a\/b\.test\.ts > the store keeps all\n {4}line 0\n/);
  expect(only!.split('\n')).toHaveLength(13);
});

test('names a file that could not be run, or whose hooks failed', () => {
  const broken = { name: '/root/c.test.ts', status: 'failed', message: 'no such module' };
  for (const assertionResults of [[], [passed]]) {
    const report = { ...counts, testResults: [{ ...broken, assertionResults }] };
    expect(outcomeOf(report, '/root').failures).toEqual(['c.test.ts\n    no such module']);
  }
});
