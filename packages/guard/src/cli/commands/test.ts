import { writeFileSync } from 'node:fs';
import pc from 'picocolors';
import { readTextFile } from '../../config/index.ts';
import {
  compileRegexp,
  createSystemClock,
  formatDuration,
  formatFloat,
  type Milliseconds,
} from '../../core/index.ts';
import { isStaleAt } from '../../promql/index.ts';
import {
  type DiffColours,
  type FileOutcome,
  isGood,
  renderDiff,
  renderFailure,
  renderTestJunit,
  runRuleTestFile,
  type TestStore,
} from '../../rule-tests/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

interface TestFlags {
  readonly run: readonly string[];
  readonly diff: boolean;
  readonly debug: boolean;
  readonly ignoreUnknownFields: boolean;
  readonly junit?: string;
}

/** `slo-guard test`. @throws UserError `unreadable-file`, `bad-regexp` */
export async function test(files: readonly string[], flags: TestFlags): Promise<ExitCode> {
  const clock = createSystemClock();
  const startedAt = clock.now();
  const wanted = flags.run.length === 0 ? undefined : compileRegexp(flags.run.join('|'));
  const outcomes: FileOutcome[] = [];
  for (const file of files) {
    process.stdout.write(`Processing test file: ${file}\n`);
    const outcome = await runRuleTestFile(file, {
      clock,
      readFile: readTextFile,
      ignoresUnknownFields: flags.ignoreUnknownFields,
      ...(wanted && { isWanted: name => wanted.matcher(name).find() }),
      ...(flags.debug && {
        onStart: title => tell(`DEBUG: Starting test ${title}`),
        inspect: (_title, store, lastTime) => dump(store, lastTime),
      }),
    });
    outcomes.push(outcome);
    print(outcome, flags);
  }
  if (flags.junit !== undefined) writeJunit(flags.junit, renderTestJunit(outcomes, startedAt));
  return outcomes.every(isGood) ? EXIT.good : EXIT.no;
}

const tell = (line: string) => process.stderr.write(`${line}\n`);

function print(outcome: FileOutcome, { diff, debug }: TestFlags): void {
  for (const warning of outcome.warnings) tell(`  WARNING: ${warning}`);
  if (debug)
    for (const { title, duration } of outcome.groups)
      tell(`DEBUG: Test ${title} finished, took ${duration.toFixed(1)}ms`);
  if (isGood(outcome)) process.stdout.write('  SUCCESS\n');
  else tell('  FAILED:');
  if (outcome.refusal !== undefined) tell(outcome.refusal);
  for (const { name, failures } of outcome.groups)
    for (const failure of failures) {
      const isCompared = failure.kind === 'alerts' || failure.kind === 'samples';
      if (!diff || !isCompared) tell(`${renderFailure(failure, name)}\n`);
      else
        tell(
          `${renderFailure(failure, name).split('\n        exp:', 1)[0]}\n${renderDiff(failure, colours())}\n`,
        );
    }
  process.stdout.write('\n');
}

const colours = (): DiffColours => ({ missing: pc.red, extra: pc.green });

/** Every sample of the input series and of the rules. */
function dump({ store, clock }: TestStore, lastTime: Milliseconds): void {
  tell(`DEBUG: Dump of all data (input_series and rules) at ${formatDuration(lastTime)}:`);
  const querier = store.querier(Number.MIN_SAFE_INTEGER, clock.now());
  try {
    for (const { labels, samples } of querier.select([])) {
      const { timestamps, values, start, end } = samples(Number.MIN_SAFE_INTEGER, clock.now());
      tell(`${labels.toString()} =>`);
      for (let i = start; i < end; i++) {
        const shown = isStaleAt(values, i) ? 'stale' : formatFloat(values[i]!);
        tell(`${shown} @[${timestamps[i]}]`);
      }
    }
  } finally {
    querier.close();
  }
}

function writeJunit(file: string, xml: string): void {
  if (file === '-') process.stdout.write(xml);
  else writeFileSync(file, xml);
}
