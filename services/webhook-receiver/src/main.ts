import { adminGuardFromEnv } from '@slo-guard/faults';
import { failToStart, portFrom, serve } from '@slo-guard/telemetry/service';
import { createReceiver } from './app.ts';

/** Runs the receiver as the environment says: PORT, HOST, DATA_DIR, LOG_LEVEL, SLO_GUARD_ADMIN_*. */
const { env } = process;
const host = env.HOST || '127.0.0.1';

function create() {
  try {
    return createReceiver({
      logLevel: env.LOG_LEVEL,
      guard: adminGuardFromEnv(env, host),
      ...(env.DATA_DIR ? { dataDir: env.DATA_DIR } : {}),
    });
  } catch (error) {
    return failToStart(`webhook_receiver: ${(error as Error).message}`);
  }
}

await serve(create(), { host, port: portFrom('PORT', env.PORT, 8080) });
