import { dirname } from 'node:path';
import { expandGlob, relativeTo, type TextFile } from '../config/index.ts';
import { type Clock, type Milliseconds, messageOf, UserError } from '../core/index.ts';
import { loadRuleFile, type RuleGroup } from '../rules/index.ts';
import { loadRuleTestFile } from './load-test-file.ts';
import type { Failure, FileOutcome, GroupOutcome } from './outcome.ts';
import { runTestGroup } from './run-group.ts';
import type { RuleTestFile, TestGroup } from './test-file.ts';
import type { TestStore } from './test-store.ts';

export interface RunFileOptions {
  /** Measures how long the tests take. */
  readonly clock: Clock;
  readonly readFile: (path: string) => TextFile;
  /** Which groups of tests run, by their name, '' where they have none; all by default. */
  readonly isWanted?: (name: string) => boolean;
  /** Of rule files. */
  readonly ignoresUnknownFields?: boolean;
  readonly onStart?: (group: string) => void;
  readonly inspect?: (group: string, store: TestStore, lastTime: Milliseconds) => void;
}

/** Runs a file of rule tests. @throws UserError `unreadable-file` when the test file itself cannot be read */
export async function runRuleTestFile(path: string, options: RunFileOptions): Promise<FileOutcome> {
  const { file, text } = options.readFile(path);
  let tests: RuleTestFile;
  try {
    tests = loadRuleTestFile(file, text);
  } catch (error) {
    if (error instanceof UserError) return { file, refusal: error.message, warnings: [], groups: [] };
    throw error;
  }
  const { paths, warnings } = resolveRuleFiles(tests);
  const groups: GroupOutcome[] = [];
  for (const [index, test] of tests.tests.entries()) {
    if (options.isWanted && !options.isWanted(test.name)) continue;
    groups.push(await runOne(test, test.name || `unnamed#${index}`, tests, paths, options));
  }
  return { file, refusal: undefined, warnings, groups };
}

function resolveRuleFiles({ file, ruleFiles }: RuleTestFile): { paths: string[]; warnings: string[] } {
  const warnings: string[] = [];
  const paths = ruleFiles.flatMap(pattern => {
    const resolved = relativeTo(dirname(file), pattern);
    const found = pattern === '' ? [] : expandGlob(resolved);
    if (found.length === 0) warnings.push(`no file match pattern ${resolved}`);
    return found;
  });
  return { paths, warnings };
}

async function runOne(
  test: TestGroup,
  title: string,
  { evaluationInterval, groupOrder, fuzzyCompare }: RuleTestFile,
  paths: readonly string[],
  options: RunFileOptions,
): Promise<GroupOutcome> {
  options.onStart?.(title);
  const started = options.clock.monotonic();
  const loaded = loadGroups(paths, groupOrder, options);
  const failures =
    'failures' in loaded
      ? loaded.failures
      : await runTestGroup({
          test,
          groups: loaded.groups,
          evaluationInterval,
          fuzzyCompare,
          inspect: (store, lastTime) => options.inspect?.(title, store, lastTime),
        });
  return { name: test.name, title, failures, duration: options.clock.monotonic() - started };
}

/** Of a file that is named twice the groups of the last time hold; those that the order names not come first. */
function loadGroups(
  paths: readonly string[],
  groupOrder: readonly string[],
  { readFile, ignoresUnknownFields = false }: RunFileOptions,
): { groups: RuleGroup[] } | { failures: Failure[] } {
  try {
    const files = [...new Set(paths)].map(readFile);
    const groups = files.flatMap(
      ({ file, text }) => loadRuleFile(file, text, { ignoresUnknownFields }).groups,
    );
    const place = ({ name }: RuleGroup) => Math.max(0, groupOrder.indexOf(name));
    return { groups: groups.toSorted((a, b) => place(a) - place(b)) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { failures: [{ kind: 'error', message: messageOf(error) }] };
  }
}
