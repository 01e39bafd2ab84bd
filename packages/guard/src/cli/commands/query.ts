import { createLogUpdate } from 'log-update';
import { type Clock, createSystemClock, type Milliseconds, messageOf, UserError } from '../../core/index.ts';
import type { Format, Unit } from '../choices.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { createPrometheusClient, type PrometheusClient } from '../prometheus/client.ts';
import { type ConnectionFlags, connectionOf, secretsOf } from '../prometheus/connection.ts';
import { withExcerpt } from '../query/refusal.ts';
import { plotWidth, type Rendered, type RenderOptions, renderAnswer } from '../query/render.ts';
import { type QueryRequest, type RequestFlags, requestOf, sendRequest } from '../query/request.ts';
import { endWithReader, terminalOf } from '../terminal.ts';
import { durationOption } from '../time-option.ts';
import { createWallClock } from '../wall-clock.ts';

export interface QueryFlags extends ConnectionFlags, RequestFlags {
  readonly format?: Format;
  readonly json?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly unit: Unit;
  /** The interval; true for the default. */
  readonly watch?: string | true;
  readonly failEmpty?: boolean;
}

const DEFAULT_WATCH: Milliseconds = 5_000;
/** Braille dots in a column. */
const POINTS_PER_COLUMN = 2;

/** What one query needs, and each refresh of it. */
interface Session {
  readonly client: PrometheusClient;
  readonly clock: Clock;
  readonly options: RenderOptions;
  readonly flags: QueryFlags;
  readonly expr: string | undefined;
}

/** `slo-guard query`: exit code 1 when nothing was found and `--fail-empty` is given. */
export async function query(expr: string | undefined, flags: QueryFlags): Promise<ExitCode> {
  endWithReader(process.stdout);
  const options = renderOptions(flags);
  const interval = watchInterval(flags);
  const signal = interruptSignal();
  const client = createPrometheusClient({ connection: connectionOf(flags, secretsOf(process.env)), signal });
  const session = { client, clock: createSystemClock(), options, flags, expr };
  try {
    if (interval !== undefined) return await watch(session, interval, signal);
    const { lines, notes, isEmpty } = await once(session);
    for (const line of lines) process.stdout.write(`${line}\n`);
    for (const note of notes) process.stderr.write(`${note}\n`);
    return isEmpty && flags.failEmpty ? EXIT.no : EXIT.good;
  } catch (error) {
    if (!signal.aborted) throw error;
    return EXIT.interrupted;
  } finally {
    await client.close();
  }
}

/** Asks and renders; warnings and an empty result are among the notes. */
async function once({ client, clock, options, flags, expr }: Session): Promise<Rendered> {
  const context = { now: clock.now(), wallClock: options.wallClock };
  const points = plotWidth(options) * POINTS_PER_COLUMN;
  const request = requestOf(expr, flags, context, { points, isRange: options.format === 'plot' });
  const answer = await ask(client, request);
  const rendered = renderAnswer(request, answer, options);
  const notes = [
    ...answer.warnings.map(text => `warning: ${text}`),
    ...answer.infos.map(text => `info: ${text}`),
    ...rendered.notes,
    ...(rendered.isEmpty && options.format !== 'json' ? ['the result is empty'] : []),
  ];
  return { ...rendered, notes };
}

async function ask(client: PrometheusClient, request: QueryRequest) {
  try {
    return await sendRequest(client, request);
  } catch (error) {
    const text = 'expr' in request ? request.expr : request.selector;
    throw error instanceof UserError && text !== undefined ? withExcerpt(error, text) : error;
  }
}

/** Refreshes until it is interrupted. A failure is shown in the place of the answer: the next one may be good. */
async function watch(session: Session, interval: Milliseconds, signal: AbortSignal): Promise<ExitCode> {
  const update = session.options.terminal.isTerminal ? createLogUpdate(process.stdout) : undefined;
  const show = (lines: readonly string[]) =>
    update ? update(lines.join('\n')) : process.stdout.write(`${lines.join('\n')}\n\n`);
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    try {
      const { lines, notes } = await once(session);
      show([...lines, ...notes]);
    } catch (error) {
      if (signal.aborted) break;
      if (isFirst || !(error instanceof UserError)) throw error;
      show([messageOf(error)]);
    }
    await session.clock.sleep(interval, signal).catch(() => undefined);
  }
  update?.done();
  return EXIT.good;
}

function renderOptions(flags: QueryFlags): RenderOptions {
  const terminal = terminalOf(process.stdout, process.env);
  const { width, height } = flags;
  return {
    format: formatOf(flags),
    width: sizeOf('--width', width),
    height: sizeOf('--height', height),
    unit: flags.unit,
    terminal,
    wallClock: createWallClock(),
  };
}

function formatOf({ format, json }: QueryFlags): Format | undefined {
  if (!json) return format;
  if (format === undefined || format === 'json') return 'json';
  throw new UserError('bad-option', '--json is --format json; give one of them');
}

function watchInterval({ watch, json }: QueryFlags): Milliseconds | undefined {
  if (watch === undefined) return undefined;
  if (json)
    throw new UserError('bad-option', '--watch is for people; without it, --json can be asked for again');
  return watch === true ? DEFAULT_WATCH : durationOption('--watch', watch);
}

function sizeOf(flag: string, size: number | undefined): number | undefined {
  if (size === undefined || (size >= 1 && size <= 1000)) return size;
  throw new UserError('bad-option', `${flag}: ${size} is not between 1 and 1000`);
}
