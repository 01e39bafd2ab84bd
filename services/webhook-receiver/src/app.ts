import { type AdminGuardOptions, type FaultClock, systemClock } from '@slo-guard/faults';
import {
  createMetricsRegistry,
  createServiceApp,
  registerMetricsRoute,
  type ServiceAppOptions,
} from '@slo-guard/telemetry/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Behaviour, registerBehaviour } from './behaviour.ts';
import {
  DEFAULT_SETTINGS,
  type DeadManSettings,
  type HeartbeatView,
  registerDeadMan,
} from './deadman/index.ts';
import { openJournal } from './journal.ts';
import { createReceiverMetrics } from './metrics.ts';
import { PAGE_CSP, renderPage } from './page.ts';
import { parseWebhook } from './payload.ts';
import { createNotificationStore, type NotificationStore } from './store.ts';

/** Largest webhook body. */
const BODY_LIMIT = 4 * 1024 * 1024;

export interface ReceiverOptions extends Omit<ServiceAppOptions, 'name' | 'bodyLimit'> {
  readonly guard: AdminGuardOptions;
  /** Folder for what must survive a restart; without it everything is in memory. */
  readonly dataDir?: string;
  readonly clock?: FaultClock;
  readonly deadMan?: DeadManSettings;
}

/** Takes Alertmanager's webhooks and shows what came; apart from them, expects the heartbeat. */
export function createReceiver(options: ReceiverOptions): FastifyInstance {
  const clock = options.clock ?? systemClock;
  const app = createServiceApp({ ...options, name: 'webhook_receiver', bodyLimit: BODY_LIMIT });
  const store = createNotificationStore();
  const persist = openPersistence(app, store, options.dataDir);
  const registry = createMetricsRegistry();
  const count = createReceiverMetrics(registry, store);
  const heartbeat = registerDeadMan(app, {
    settings: options.deadMan ?? DEFAULT_SETTINGS,
    clock,
    registry,
    dataDir: options.dataDir,
  });
  registerMetricsRoute(app, registry);
  const behaviour = registerBehaviour(app, options.guard, clock);

  const receive = async (request: FastifyRequest, reply: FastifyReply) => {
    if (await misbehave(behaviour, request, reply)) {
      count('behaviour');
      return reply;
    }
    const parsed = parseWebhook(request.body);
    if (!parsed.ok) {
      count('invalid');
      return reply.code(400).send({ error: 'bad_request', message: parsed.reason });
    }
    const receivedAt = clock.now();
    const line = { receivedAt, payload: request.body };
    try {
      persist?.(line);
    } catch (error) {
      count('unwritten');
      request.log.error({ err: error }, 'notification not written; the sender is asked to try again');
      return reply.code(503).send({ error: 'not_written', message: (error as Error).message });
    }
    store.add(parsed.payload, request.body, JSON.stringify(request.body).length, receivedAt);
    count('accepted');
    request.log.info({ payload: request.body }, 'notification received');
    return { status: 'ok' };
  };
  app.post('/', receive);
  app.post('/webhook', receive);
  addReadRoutes(app, store, heartbeat);
  return app;
}

/** Replays what was written before, and gives what writes the next line; undefined where nothing is kept. */
function openPersistence(app: FastifyInstance, store: NotificationStore, dataDir: string | undefined) {
  if (dataDir === undefined) return undefined;
  const journal = openJournal(dataDir);
  let unreadable = journal.replayed.damaged;
  for (const line of journal.replayed.lines) {
    const { receivedAt, payload } = line as { receivedAt: unknown; payload: unknown };
    const parsed = parseWebhook(payload);
    if (!parsed.ok || typeof receivedAt !== 'number') unreadable += 1;
    else store.add(parsed.payload, payload, JSON.stringify(payload).length, receivedAt);
  }
  if (unreadable > 0) app.log.warn({ lines: unreadable, dataDir }, 'lines skipped that could not be read');
  app.addHook('onClose', async () => journal.close());
  return journal.append;
}

/** Answers instead of receiving while a drill wants it so; whether it did. */
async function misbehave(
  behaviour: Behaviour,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const { mode, status } = behaviour.current();
  if (mode === 'ok') return false;
  if (mode === 'hang') {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    await behaviour.untilReleased(gone.signal);
    reply.code(503).send({ error: 'hung', message: 'this receiver hung on purpose' });
    return true;
  }
  request.log.info({ status }, 'delivery refused on purpose');
  reply.code(status).send({ error: 'refused', message: 'this receiver refuses on purpose' });
  return true;
}

/** Unix milliseconds, or RFC 3339; undefined when it is neither. */
function parseTime(text: string): number | undefined {
  const time = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(time) ? time : undefined;
}

function addReadRoutes(app: FastifyInstance, store: NotificationStore, heartbeat: () => HeartbeatView): void {
  app.get('/', { logLevel: 'warn' }, async (_request, reply) => {
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', PAGE_CSP)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store');
    return renderPage(store.notifications(), heartbeat());
  });
  app.get<{ Querystring: { since?: string } }>(
    '/api/notifications',
    { logLevel: 'warn' },
    async (request, reply) => {
      const { since } = request.query;
      if (since === undefined) return { notifications: store.notifications() };
      const time = typeof since === 'string' ? parseTime(since) : undefined;
      if (time !== undefined) return { notifications: store.notifications(time) };
      const message = `since=${since} is neither Unix milliseconds nor RFC 3339`;
      return reply.code(400).send({ error: 'bad_request', message });
    },
  );
  app.get('/api/deliveries', { logLevel: 'warn' }, async () => ({ deliveries: store.deliveries() }));
}
