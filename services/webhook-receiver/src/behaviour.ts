import {
  type AdminGuardOptions,
  acceptAnyContentType,
  createAdminGuard,
  createLeased,
  type FaultClock,
  parseAdminBody,
} from '@slo-guard/faults';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

const behaviourSchema = z.strictObject({
  mode: z.enum(['ok', 'status', 'hang']),
  /** What `status` answers with. */
  status: z.int().min(400).max(599).default(503),
  lease_seconds: z.number().positive().max(7200).default(600),
});
type Setting = z.infer<typeof behaviourSchema>;

/** How the receiver behaves, so that drills can see what a bad receiver does to delivery. */
export interface Behaviour {
  current(): Setting & { ends_at: string | null };
  /** Resolves when the receiver no longer hangs, or the signal is aborted. */
  untilReleased(signal: AbortSignal): Promise<void>;
}

const RESTING = behaviourSchema.parse({ mode: 'ok' });

/** Adds `GET` and `POST /admin/behaviour`, guarded as the failure modes of service_b are. */
export function registerBehaviour(
  app: FastifyInstance,
  guard: AdminGuardOptions,
  clock: FaultClock,
): Behaviour {
  const waiting = new Set<() => void>();
  const release = () => {
    for (const finish of [...waiting]) finish();
  };
  const leased = createLeased<Setting>(RESTING, clock, ended => {
    app.log.info({ audit: true, was: ended }, 'behaviour ended by its lease');
    release();
  });
  const current = () => {
    const { value, endsAt } = leased.get();
    return { ...value, ends_at: endsAt === null ? null : new Date(endsAt).toISOString() };
  };

  app.register(async admin => {
    acceptAnyContentType(admin);
    admin.addHook('onRequest', createAdminGuard(guard));
    admin.get('/admin/behaviour', async () => current());
    admin.post('/admin/behaviour', async request => {
      const setting = parseAdminBody(behaviourSchema, request.body);
      const was = current();
      leased.set(setting, setting.mode === 'ok' ? null : setting.lease_seconds * 1000);
      release();
      const now = current();
      request.log.info({ audit: true, was, now, remote: request.ip }, 'behaviour changed');
      return now;
    });
  });
  app.addHook('preClose', async () => release());
  app.addHook('onClose', async () => leased.stop());

  return {
    current,
    untilReleased: signal =>
      new Promise(resolve => {
        const finish = () => {
          waiting.delete(finish);
          signal.removeEventListener('abort', finish);
          resolve();
        };
        waiting.add(finish);
        signal.addEventListener('abort', finish, { once: true });
      }),
  };
}
