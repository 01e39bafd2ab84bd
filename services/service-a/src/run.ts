import { portFrom, serve } from '@slo-guard/telemetry/service';
import { createGateway } from './app.ts';

/** Runs the gateway as the environment says: PORT, HOST, SERVICE_B_URL, LOG_LEVEL. */
export async function run(onStopped: () => Promise<unknown>): Promise<void> {
  const { env } = process;
  const app = createGateway({
    logLevel: env.LOG_LEVEL,
    backendUrl: env.SERVICE_B_URL || 'http://127.0.0.1:8002',
  });
  await serve(app, { host: env.HOST || '127.0.0.1', port: portFrom('PORT', env.PORT, 8001), onStopped });
}
