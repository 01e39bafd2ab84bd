/**
 * `node --import @slo-guard/telemetry/register app.ts`: telemetry stands before the first line of the application,
 * which needs to know nothing of it. A wrong variable ends the process with one line.
 */
import { startTelemetry } from './start.ts';

try {
  const telemetry = await startTelemetry();
  process.once('beforeExit', () => void telemetry.shutdown());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      // An application with a handler of its own decides when the process ends; without one, it ends as it would have.
      const alone = process.listenerCount(signal) === 0;
      await telemetry.shutdown();
      if (alone) process.kill(process.pid, signal);
    });
  }
} catch (error) {
  process.stderr.write(`telemetry: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(2);
}
