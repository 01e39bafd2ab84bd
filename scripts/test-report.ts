import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What vitest's JSON reporter writes, as far as it is read here. */
export interface VitestReport {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    /** The file, absolute. */
    readonly name: string;
    readonly status: string;
    /** Why the file could not be run. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

/** How a run of tests ended. */
export interface Outcome {
  readonly passed: number;
  readonly skipped: number;
  /** Each failed test, with what it said. */
  readonly failures: readonly string[];
}

/** Enough of a message to tell what failed where the rest of the log was cut away. */
const MESSAGE_LINES = 12;

/** @param root what paths are told from */
export function outcomeOf(report: VitestReport, root: string): Outcome {
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter(test => test.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [failure(file, message)];
    return failed.map(test => failure(`${file} > ${test.fullName}`, test.failureMessages?.[0] ?? ''));
  });
  return {
    passed: report.numPassedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
}

function failure(what: string, message: string): string {
  const lines = stripVTControlCharacters(message).split('\n').slice(0, MESSAGE_LINES);
  return [what, ...lines.map(line => `    ${line}`.trimEnd())].join('\n');
}
