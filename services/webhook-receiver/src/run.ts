import { adminGuardFromEnv } from '@slo-guard/faults';
import { portFrom, serve } from '@slo-guard/telemetry/service';
import { createReceiver } from './app.ts';
import { deadManSettingsFromEnv } from './deadman/index.ts';

/** Runs the receiver as the environment says: PORT, HOST, DATA_DIR, LOG_LEVEL, DEADMAN_*, SLO_GUARD_ADMIN_*. */
export async function run(): Promise<void> {
  const { env } = process;
  const host = env.HOST || '127.0.0.1';
  const app = createReceiver({
    logLevel: env.LOG_LEVEL,
    guard: adminGuardFromEnv(env, host),
    deadMan: deadManSettingsFromEnv(env),
    ...(env.DATA_DIR ? { dataDir: env.DATA_DIR } : {}),
  });
  await serve(app, { host, port: portFrom('PORT', env.PORT, 8080) });
}
