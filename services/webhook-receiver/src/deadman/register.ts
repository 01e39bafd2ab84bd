import type { FaultClock } from '@slo-guard/faults';
import type { FastifyInstance } from 'fastify';
import type { OpenMetricsContentType, Registry } from 'prom-client';
import { parseWebhook, type WebhookPayload } from '../payload.ts';
import { createDeadMan, type DeadManState, type Memory, NOTHING_SEEN } from './deadman.ts';
import { openMemoryFile } from './memory-file.ts';
import { createDeadManMetrics, type DeadManMetrics } from './metrics.ts';
import type { DeadManSettings } from './settings.ts';
import { createTeller, type Teller } from './teller.ts';

/** The alert whose notifications are heartbeats. */
const HEARTBEAT_ALERT = 'Watchdog';

/** What is known of the heartbeat; times in Unix milliseconds. */
export interface HeartbeatView {
  readonly state: DeadManState;
  readonly lastSeenAt: number | null;
  readonly expectedIntervalSeconds: number;
  readonly lateAfterSeconds: number;
  readonly lateSince: number | null;
  readonly outgoing: {
    readonly configured: boolean;
    /** Why the last attempt to tell of it failed; null when it did not, or there was none. */
    readonly lastFailure: string | null;
  };
}

export interface DeadManParts {
  readonly settings: DeadManSettings;
  readonly clock: FaultClock;
  readonly registry: Registry<OpenMetricsContentType>;
  /** Folder for what must survive a restart. */
  readonly dataDir: string | undefined;
}

/** Adds `POST /heartbeat` and `GET /api/heartbeat`; returns what the page shows. */
export function registerDeadMan(app: FastifyInstance, parts: DeadManParts): () => HeartbeatView {
  const { settings, clock, registry, dataDir } = parts;
  const { interval, lateAfter, webhookUrl } = settings;
  const file = dataDir === undefined ? undefined : openMemoryFile(dataDir);
  if (file?.isDamaged) app.log.warn({ dataDir }, 'what was known of the heartbeat cannot be read');
  let lastFailure: string | null = null;
  let teller: Teller | undefined;
  let metrics: DeadManMetrics | undefined;
  let known: DeadManState | undefined;

  const save = (memory: Memory) => {
    try {
      file?.save(memory);
    } catch (error) {
      metrics?.onUnwritten();
      app.log.error({ err: error }, 'the state of the heartbeat is not written');
    }
  };
  const deadMan = createDeadMan({
    lateAfter,
    clock,
    memory: file?.saved ?? NOTHING_SEEN,
    tellsEnds: webhookUrl !== undefined,
    onChange(memory) {
      save(memory);
      const { lastSeen } = memory;
      const state = deadMan.state();
      if (state !== known && state === 'late')
        app.log.error({ lastSeen, lateAfter }, 'the heartbeat is late: paging is broken');
      if (state !== known && known === 'late') app.log.info({ lastSeen }, 'the heartbeat is back');
      known = state;
      teller?.wake();
    },
  });
  known = deadMan.state();
  metrics = createDeadManMetrics(registry, deadMan, settings);
  teller = webhookUrl && tellerFor(webhookUrl);
  teller?.wake();

  function tellerFor(url: URL): Teller {
    return createTeller({
      url,
      clock,
      deadMan,
      onAttempt(failure) {
        lastFailure = failure ?? null;
        metrics?.onMessage(failure === undefined ? 'delivered' : 'failed');
        if (failure === undefined) app.log.info({ host: url.host }, 'the outgoing webhook is told');
        else app.log.error({ host: url.host, failure }, 'the outgoing webhook is not told; tried again');
      },
    });
  }

  const view = (): HeartbeatView => {
    const { lastSeen, outage } = deadMan.memory();
    const state = deadMan.state();
    return {
      state,
      lastSeenAt: lastSeen,
      expectedIntervalSeconds: interval / 1000,
      lateAfterSeconds: lateAfter / 1000,
      lateSince: state === 'late' ? outage!.lateSince : null,
      outgoing: { configured: webhookUrl !== undefined, lastFailure },
    };
  };

  app.post('/heartbeat', { logLevel: 'warn' }, async (request, reply) => {
    const parsed = parseWebhook(request.body);
    const reason = parsed.ok ? strangerIn(parsed.payload) : parsed.reason;
    if (!parsed.ok || reason !== undefined) {
      metrics.onBeat('invalid');
      return reply.code(400).send({ error: 'bad_request', message: reason });
    }
    const isFiring = parsed.payload.alerts.some(({ status }) => status === 'firing');
    metrics.onBeat(isFiring ? 'accepted' : 'resolved');
    if (isFiring) deadMan.beat();
    return { status: isFiring ? 'ok' : 'ignored' };
  });
  app.get('/api/heartbeat', { logLevel: 'warn' }, async () => view());
  app.addHook('onClose', async () => {
    deadMan.stop();
    teller?.stop();
  });
  return view;
}

/** A page that was routed here would reach nobody, so it is refused, which its sender tells. */
function strangerIn({ alerts }: WebhookPayload): string | undefined {
  const stranger = alerts.find(({ labels }) => labels.alertname !== HEARTBEAT_ALERT);
  return (
    stranger &&
    `this path takes ${HEARTBEAT_ALERT} alone, and shows nobody what else it is sent: ${JSON.stringify(stranger.labels.alertname ?? '')}`
  );
}
