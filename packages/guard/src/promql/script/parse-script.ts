import { compileRegexp, type Milliseconds, parseDuration, UserError } from '../../core/index.ts';
import { readStringLiteral } from '../parser/string-literal.ts';
import { type MissingSeries, readSeries, refusalOf } from './missing-series.ts';
import { parseSeries, type SeriesLine, signed } from './series-line.ts';

export interface LoadCommand {
  readonly kind: 'load';
  readonly line: number;
  readonly gap: Milliseconds;
  readonly series: readonly SeriesLine[];
  readonly missing: readonly MissingSeries[];
}

/** A condition on failure or annotations; without `matches` any text will do. */
export interface Expectation {
  readonly kind: 'fail' | 'warn' | 'no_warn' | 'info' | 'no_info' | 'ordered';
  readonly text?: string;
  readonly pattern?: { test(text: string): boolean };
}

export interface EvalCommand {
  readonly kind: 'eval';
  readonly line: number;
  readonly expr: string;
  /** An instant query has no step. */
  readonly start: Milliseconds;
  readonly end: Milliseconds;
  readonly step: Milliseconds | undefined;
  readonly expectations: readonly Expectation[];
  /** `expect range vector`: the times at which the values of expected series stand. */
  readonly grid: { readonly start: Milliseconds; readonly step: Milliseconds } | undefined;
  readonly string: string | undefined;
  readonly scalar: number | undefined;
  readonly series: readonly SeriesLine[];
}

export type ScriptCommand =
  | LoadCommand
  | EvalCommand
  | { readonly kind: 'clear'; readonly line: number }
  /** An eval whose result the runner cannot read, such as native histograms. */
  | { readonly kind: 'unsupported'; readonly line: number; readonly expr: string; readonly why: string };

/** Parses a behaviour script (the language of Prometheus's promqltest). @throws UserError `bad-script` */
export function parseScript(text: string): ScriptCommand[] {
  const lines = text.split('\n').map(line => (line.trimStart().startsWith('#') ? '#' : line.trim()));
  const commands: ScriptCommand[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    if (line === '' || line === '#') {
      at++;
      continue;
    }
    let end = at + 1;
    while (end < lines.length && lines[end] !== '') end++;
    const body = lines.slice(at + 1, end).filter(each => each !== '#');
    if (line === 'clear') {
      commands.push({ kind: 'clear', line: at + 1 });
      at++;
      continue;
    }
    const last = commandEnd(lines, at + 1, end);
    commands.push(parseCommand(at + 1, line, body.slice(0, countLines(lines, at + 1, last))));
    at = last;
  }
  return commands;
}

const STARTS_COMMAND = /^(?:clear$|load(?:_\w+)?\s|eval(?:_\w+)?\s)/;

function commandEnd(lines: readonly string[], from: number, end: number): number {
  for (let at = from; at < end; at++) if (STARTS_COMMAND.test(lines[at]!)) return at;
  return end;
}

const countLines = (lines: readonly string[], from: number, to: number): number =>
  lines.slice(from, to).filter(line => line !== '#').length;

function parseCommand(line: number, head: string, body: readonly string[]): ScriptCommand {
  if (head.startsWith('load')) return parseLoad(line, head, body);
  try {
    return parseEval(line, head, body);
  } catch (error) {
    return { kind: 'unsupported', line, expr: exprOf(line, head), why: refusalOf(error) };
  }
}

function fail(line: number, message: string): never {
  throw new UserError('bad-script', message, { position: { line, column: 1 } });
}

function parseLoad(line: number, head: string, body: readonly string[]): LoadCommand {
  const match = /^load(?:_(with_nhcb))?\s+(.+)$/.exec(head) ?? fail(line, 'malformed load');
  return { kind: 'load', line, gap: duration(line, match[2]!), ...readSeries(body, match[1] !== undefined) };
}

const INSTANT = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(.+?)\s+)?(.+)$/;
const RANGE = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+?)\s+(.+)$/;

function parseEval(line: number, head: string, body: readonly string[]): EvalCommand {
  const instant = INSTANT.exec(head);
  const range = RANGE.exec(head);
  const suffix = (instant ?? range)?.[1] as Expectation['kind'] | undefined;
  const expected = readExpected(line, body, suffix);
  if (instant) {
    const at = instant[2] === undefined ? 0 : duration(line, instant[2]);
    return { kind: 'eval', line, expr: instant[3]!, start: at, end: at, step: undefined, ...expected };
  }
  if (!range) return fail(line, 'malformed eval');
  const [start, end, step] = [range[2]!, range[3]!, range[4]!].map(text => duration(line, text));
  return { kind: 'eval', line, expr: range[5]!, start: start!, end: end!, step: step!, ...expected };
}

const exprOf = (line: number, head: string): string =>
  INSTANT.exec(head)?.[3] ?? RANGE.exec(head)?.[5] ?? fail(line, 'malformed eval');

type Expected = Pick<EvalCommand, 'expectations' | 'grid' | 'string' | 'scalar' | 'series'>;

function readExpected(
  line: number,
  body: readonly string[],
  suffix: Expectation['kind'] | undefined,
): Expected {
  const expectations: Expectation[] = suffix ? [{ kind: suffix }] : [];
  const series: SeriesLine[] = [];
  let grid: EvalCommand['grid'];
  let string: string | undefined;
  let scalar: number | undefined;
  for (const text of body) {
    const range = /^expect range vector\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+)$/.exec(text);
    if (range) grid = { start: duration(line, range[1]!), step: duration(line, range[3]!) };
    else if (text.startsWith('expect string'))
      string = readString(line, text.slice('expect string'.length).trim());
    else if (/^expect(?:ed_fail_\w+)?(?:\s|$)/.test(text)) expectations.push(readExpectation(line, text));
    else if (/^[+-]?(?:[\d.][\d.eExX+_-]*|inf|nan)$/i.test(text)) scalar = signed(text);
    else series.push(parseSeries(text));
  }
  return { expectations, grid, string, scalar, series };
}

function readString(line: number, literal: string): string {
  return readStringLiteral(literal) ?? fail(line, `malformed string ${literal}`);
}

function patternOf(expression: string): NonNullable<Expectation['pattern']> {
  const compiled = compileRegexp(expression);
  return { test: text => compiled.matcher(text).find() };
}

function readExpectation(line: number, text: string): Expectation {
  const old = /^expected_fail_(message|regexp)\s+(.+)$/.exec(text);
  if (old)
    return { kind: 'fail', ...(old[1] === 'message' ? { text: old[2]! } : { pattern: patternOf(old[2]!) }) };
  const match =
    /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$/.exec(text) ??
    fail(line, `malformed expectation ${JSON.stringify(text)}`);
  const kind = match[1] as Expectation['kind'];
  if (!match[2]) return { kind };
  const value = match[3]!.trim();
  return match[2] === 'msg' ? { kind, text: value } : { kind, pattern: patternOf(value) };
}

function duration(line: number, text: string): Milliseconds {
  const parsed = parseDuration(text.trim());
  if (parsed !== undefined) return parsed;
  const negative = /^-(.+)$/.exec(text.trim());
  return negative ? -duration(line, negative[1]!) : fail(line, `malformed duration ${JSON.stringify(text)}`);
}
