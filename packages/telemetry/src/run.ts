import { startTelemetry, type TelemetryOptions } from './start.ts';

/**
 * Starts telemetry, then loads the application: `runWithTelemetry(() => import('./app.ts'))`. The application's
 * modules cannot come first, because they are only named inside the function.
 * @throws {TelemetryConfigError} before the application is loaded
 */
export async function runWithTelemetry<T>(load: () => Promise<T>, options?: TelemetryOptions): Promise<T> {
  await startTelemetry(options);
  return load();
}
