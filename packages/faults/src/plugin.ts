import { trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { acceptAnyContentType, parseAdminBody } from './admin-body.ts';
import { type AdminGuardOptions, createAdminGuard } from './admin-guard.ts';
import { type FaultClock, systemClock } from './clock.ts';
import { createFailmodeFault, type FailmodeFault, failmodeSchema, type Injection } from './failmode.ts';
import type { InjectionCounter } from './metrics.ts';

export interface FaultsOptions {
  /** Routes that may be faulted, as they were declared. Health, metrics and admin routes are refused. */
  readonly routes: readonly string[];
  readonly guard: AdminGuardOptions;
  readonly injections?: InjectionCounter;
  readonly seed?: string;
  readonly clock?: FaultClock;
}

/** What the seed's backend answers with while it fails. */
const INJECTED_ERROR = { error: 'injected_error', message: 'this failure was injected on purpose' };

const NEVER_FAULTED = /^\/(admin|metrics|healthz)(\/|$)/;

/** Waits that end early when the service stops, so that an injected minute does not hold up the shutdown. */
function createWaits(clock: FaultClock) {
  const pending = new Set<() => void>();
  return {
    wait: (delayMs: number) =>
      new Promise<void>(resolve => {
        const finish = () => {
          timer.cancel();
          pending.delete(finish);
          resolve();
        };
        const timer = clock.after(delayMs, finish);
        pending.add(finish);
      }),
    endAll: () => {
      for (const finish of [...pending]) finish();
    },
  };
}

/**
 * Puts fault injection into a Fastify application: call it before the routes are declared. Adds
 * `POST /admin/failmode` and `GET /admin/state`. Each injection is counted and a span event, each change an
 * audit line.
 * @throws {Error} when a route is named that must never be faulted
 */
export function registerFaults(app: FastifyInstance, options: FaultsOptions): FailmodeFault {
  for (const route of options.routes) {
    if (NEVER_FAULTED.test(route)) throw new Error(`${route} is never faulted`);
  }
  const clock = options.clock ?? systemClock;
  const fault = createFailmodeFault({
    clock,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    onLeaseEnd: ended => app.log.info({ audit: true, was: ended }, 'fault ended by its lease'),
  });
  const waits = createWaits(clock);
  for (const route of options.routes) options.injections?.prepare(route);

  app.addHook('preHandler', async (request, reply) => {
    const route = request.routeOptions.url;
    if (route === undefined || !options.routes.includes(route)) return undefined;
    return inject(fault.next(), route, request, reply);
  });

  async function inject(injection: Injection, route: string, request: FastifyRequest, reply: FastifyReply) {
    if (injection.delayMs > 0) {
      record(request, route, 'latency', { 'fault.latency_ms': injection.delayMs });
      await waits.wait(injection.delayMs);
    }
    if (!injection.fail) return undefined;
    record(request, route, 'error', {});
    return reply.code(500).send(INJECTED_ERROR);
  }

  function record(request: FastifyRequest, route: string, kind: 'error' | 'latency', details: object) {
    options.injections?.count(route, kind);
    trace
      .getActiveSpan()
      ?.addEvent('fault.injected', { 'fault.id': 'failmode', 'fault.kind': kind, ...details });
    request.log.debug({ fault: 'failmode', kind, ...details }, 'fault injected');
  }

  app.addHook('preClose', async () => waits.endAll());
  app.addHook('onClose', async () => fault.stop());
  app.register(async admin => addAdminRoutes(admin, fault, options.guard));
  return fault;
}

function addAdminRoutes(admin: FastifyInstance, fault: FailmodeFault, guard: AdminGuardOptions): void {
  acceptAnyContentType(admin);
  admin.addHook('onRequest', createAdminGuard(guard));
  admin.get('/admin/state', { config: { otel: false } }, async () => fault.state());
  admin.post('/admin/failmode', { config: { otel: false } }, async request => {
    const setting = parseAdminBody(failmodeSchema, request.body);
    const was = fault.state();
    const state = fault.set(setting);
    request.log.info({ audit: true, was, now: state, remote: request.ip }, 'fault changed');
    return state;
  });
}
