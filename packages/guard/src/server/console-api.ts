import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Clock, messageOf, parseDuration } from '../core/index.ts';
import type { SpanStore } from '../traces/index.ts';
import { traceAnswer, traceSummaryAnswer } from './console-traces.ts';
import type {
  ActiveAlert,
  AlertHistoryAnswer,
  BurnAnswer,
  ErrorAnswer,
  MetaAnswer,
  NotificationEntry,
  SlosAnswer,
} from './console-types.ts';
import type { QueryPool } from './query-pool.ts';
import type { QueryRequest } from './query-protocol.ts';
import { wholeBody } from './query-thread.ts';
import { type CurrentSample, OVERVIEW_QUERY, type RuleAlert, sloOverview } from './slo-overview.ts';

/** What the console shows besides the store's series and spans. */
export interface ConsoleSources {
  readonly pool: QueryPool;
  readonly spans: SpanStore;
  readonly clock: Clock;
  readonly meta: () => MetaAnswer;
  /** Every alert rule's alerts, in the order of the rule files. */
  readonly ruleAlerts: () => readonly RuleAlert[];
  readonly activeAlerts: () => readonly ActiveAlert[];
  /** Undefined for an alert that the router does not hold, and of which it remembers nothing. */
  readonly alertHistory: (fingerprint: string) => AlertHistoryAnswer | undefined;
  readonly notifications: (limit: number) => readonly NotificationEntry[];
}

/** Points on one line of a burn chart at most. */
const MAX_POINTS = 1_000;
const MAX_WINDOWS = 10;
const MAX_MINUTES = 31 * 24 * 60;
const SMALLEST_STEP_MS = 5_000;
const MAX_LISTED = 200;

/** `/api/*` of the console; the shapes stand in console-types.ts. */
export function registerConsoleApi(app: FastifyInstance, sources: ConsoleSources): void {
  const { pool, spans, clock } = sources;

  app.get('/api/meta', async () => sources.meta());

  app.get('/api/slos', async (_request, reply) => {
    const samples = await ask<VectorData>({
      kind: 'instant',
      limit: 0,
      expr: OVERVIEW_QUERY,
      at: clock.now(),
    });
    if (!samples.ok) return fail(reply, 503, 'query-failed', samples.message);
    const answer: SlosAnswer = {
      slos: sloOverview(samples.data.result.map(currentSample), sources.ruleAlerts()),
    };
    return answer;
  });

  app.get<{ Params: SloParams; Querystring: BurnQuery }>(
    '/api/slos/:service/:slo/burn',
    async (request, reply) => {
      // Given more than once, a parameter is a list.
      const windows = [request.query.windows ?? '5m,1h'].flat().join(',').split(',');
      const minutes = Number(request.query.minutes ?? 30);
      if (windows.length > MAX_WINDOWS) {
        return fail(reply, 400, 'bad-window', `at most ${MAX_WINDOWS} windows can be asked for`);
      }
      const unreadable = windows.find(window => parseDuration(window) === undefined);
      if (unreadable !== undefined)
        return fail(reply, 400, 'bad-window', `${JSON.stringify(unreadable)} is not a window such as 5m`);
      if (!(minutes > 0 && minutes <= MAX_MINUTES))
        return fail(reply, 400, 'bad-minutes', `minutes must be above 0 and at most ${MAX_MINUTES}`);
      return burnHistory(reply, request.params, windows, minutes);
    },
  );

  app.get('/api/alerts', async () => ({ alerts: sources.activeAlerts() }));

  app.get<{ Params: { fingerprint: string } }>('/api/alerts/:fingerprint/history', async (request, reply) => {
    const { fingerprint } = request.params;
    if (!/^[0-9a-f]{16}$/.test(fingerprint))
      return fail(reply, 400, 'bad-fingerprint', 'a fingerprint has 16 hexadecimal digits');
    return (
      sources.alertHistory(fingerprint) ??
      fail(reply, 404, 'alert-not-found', `the router knows no alert ${fingerprint}`)
    );
  });

  app.get<{ Querystring: LimitQuery }>('/api/notifications', async (request, reply) => {
    const limit = limitOf(request.query);
    if (limit === undefined) return fail(reply, 400, 'bad-limit', BAD_LIMIT);
    return { notifications: sources.notifications(limit) };
  });

  app.get<{ Querystring: LimitQuery }>('/api/traces', async (request, reply) => {
    const limit = limitOf(request.query);
    if (limit === undefined) return fail(reply, 400, 'bad-limit', BAD_LIMIT);
    return { traces: (await spans.recent(limit)).map(traceSummaryAnswer) };
  });

  app.get<{ Params: { id: string } }>('/api/traces/:id', async (request, reply) => {
    const id = request.params.id.toLowerCase().padStart(32, '0');
    if (!/^[0-9a-f]{32}$/.test(id))
      return fail(reply, 400, 'bad-trace-id', 'a trace id has up to 32 hexadecimal digits');
    const trace = await spans.trace(id);
    return trace
      ? traceAnswer(trace)
      : fail(reply, 404, 'trace-not-found', `no span of trace ${id} is stored`);
  });

  async function ask<T>(
    request: QueryRequest,
  ): Promise<{ ok: true; data: T } | { ok: false; message: string }> {
    const answer = await pool.run(request);
    if (!answer.ok) return { ok: false, message: answer.message };
    try {
      return {
        ok: true,
        data: (JSON.parse(new TextDecoder().decode(await wholeBody(answer))) as { data: T }).data,
      };
    } catch (error) {
      return { ok: false, message: messageOf(error) };
    }
  }

  async function burnHistory(
    reply: FastifyReply,
    { service, slo }: SloParams,
    windows: readonly string[],
    minutes: number,
  ) {
    const span = minutes * 60_000;
    const step = Math.max(
      SMALLEST_STEP_MS,
      Math.ceil(span / MAX_POINTS / SMALLEST_STEP_MS) * SMALLEST_STEP_MS,
    );
    const end = Math.floor(clock.now() / step) * step;
    const start = end - Math.floor(span / step) * step;
    const names = windows.map(window => `slo:burn_rate:${window}`);
    const expr = `{__name__=~${JSON.stringify(names.join('|'))},service=${JSON.stringify(service)},slo=${JSON.stringify(slo)}}`;
    const answer = await ask<MatrixData>({ kind: 'range', limit: 0, expr, start, end, step });
    if (!answer.ok) return fail(reply, 503, 'query-failed', answer.message);
    const count = (end - start) / step + 1;
    const history: BurnAnswer = {
      step,
      timestamps: Array.from({ length: count }, (_, i) => start + i * step),
      series: windows.map((window, i) => ({
        window,
        values: lineOf(answer.data, names[i]!, { start, step, count }),
      })),
    };
    return history;
  }
}

interface SloParams {
  readonly service: string;
  readonly slo: string;
}

interface BurnQuery {
  readonly windows?: string | string[];
  readonly minutes?: string;
}

interface LimitQuery {
  readonly limit?: string;
}

type Point = readonly [seconds: number, value: string];

interface VectorData {
  readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: Point }[];
}

interface MatrixData {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly values: readonly Point[];
  }[];
}

const currentSample = ({ metric, value }: VectorData['result'][number]): CurrentSample => ({
  metric,
  value: Number(value[1]),
});

/** The values of one series on the grid; null where it has none. */
function lineOf(
  { result }: MatrixData,
  name: string,
  grid: { start: number; step: number; count: number },
): (number | null)[] {
  const line: (number | null)[] = new Array(grid.count).fill(null);
  for (const [seconds, value] of result.find(({ metric }) => metric.__name__ === name)?.values ?? []) {
    line[Math.round((seconds * 1000 - grid.start) / grid.step)] = Number(value);
  }
  return line;
}

const BAD_LIMIT = `limit must be a whole number from 1 to ${MAX_LISTED}`;

function limitOf({ limit }: LimitQuery): number | undefined {
  const value = Number(limit ?? 20);
  return Number.isInteger(value) && value >= 1 && value <= MAX_LISTED ? value : undefined;
}

function fail(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  const body: ErrorAnswer = { error: { code, message } };
  return reply.code(status).send(body);
}
