/** Boots telemetry, then loads the application: started any other way than through this file it does not run. */
import { startTelemetry } from '@slo-guard/telemetry';

try {
  const telemetry = await startTelemetry({ serviceName: 'service_a' });
  const { run } = await import('./run.ts');
  await run(() => telemetry.shutdown());
} catch (error) {
  process.stderr.write(`service_a: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
