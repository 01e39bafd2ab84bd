import { adminGuardFromEnv } from '@slo-guard/faults';
import { portFrom, serve } from '@slo-guard/telemetry/service';
import { createBackend } from './app.ts';

/** Runs the backend as the environment says: PORT, HOST, LOG_LEVEL, SLO_GUARD_ADMIN_*, SLO_GUARD_FAULT_SEED. */
export async function run(onStopped: () => Promise<unknown>): Promise<void> {
  const { env } = process;
  const host = env.HOST || '127.0.0.1';
  const port = portFrom('PORT', env.PORT, 8002);
  const app = createBackend({
    logLevel: env.LOG_LEVEL,
    guard: adminGuardFromEnv(env, host),
    ...(env.SLO_GUARD_FAULT_SEED ? { faultSeed: env.SLO_GUARD_FAULT_SEED } : {}),
  });
  await serve(app, { host, port, onStopped });
}
