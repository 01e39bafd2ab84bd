import { startTicker } from '../core/index.ts';
import { readGuardFiles } from './guard-files.ts';
import type { GuardOptions, Surface } from './guard-options.ts';
import { createParts, type GuardEnvironment, type GuardParts } from './guard-parts.ts';
import { watchSlos } from './slo-watch.ts';
import { bindPorts, serveSurfaces } from './surfaces.ts';
import { createTeardown, type Teardown } from './teardown.ts';

/** A running guard process. */
export interface Guard {
  /** `host:port` of each surface that is served. */
  readonly addresses: Readonly<Partial<Record<Surface, string>>>;
  /**
   * Reads the Prometheus and the routing configuration and the SLO files anew. What is wrong with one does not keep the other from being
   * taken over; it is logged, and what was loaded before goes on.
   */
  reload(): Promise<void>;
  /** Ends evaluations, notifications and answers in order, and closes the stores. */
  stop(): Promise<void>;
}

/** How often the stores drop what is too old and shorten their logs. */
const MAINTENANCE_INTERVAL_MS = 120_000;

/**
 * Starts a guard: reads and checks every file, takes the ports, opens the stores, serves, and then begins to
 * scrape, evaluate and notify.
 *
 * @throws UserError for bad files, ports that cannot be bound, or a data directory in use; nothing is then left running
 */
export async function startGuard(options: GuardOptions, environment: GuardEnvironment): Promise<Guard> {
  const files = readGuardFiles(options);
  const teardown = createTeardown();
  let isReady = false;
  try {
    const ports = await bindPorts(options, teardown);
    const addresses: Partial<Record<Surface, string>> = {};
    for (const [surface, { address }] of ports) addresses[surface] = address;
    const parts = await createParts(options, environment, files, addresses, teardown);
    await serveSurfaces(parts, ports, () => isReady, teardown);
    begin(parts, teardown);
    isReady = true;
    teardown.add(() => {
      isReady = false;
    });
    environment.logger.info({ addresses }, 'slo-guard is ready');
    return {
      addresses,
      async reload() {
        await Promise.allSettled(
          [parts.reloader, parts.routingReloader, parts.sloReloader].map(reloader => reloader?.reload()),
        );
      },
      stop: () => teardown.run(),
    };
  } catch (error) {
    await teardown.run().catch(reason => environment.logger.error({ reason }, 'cleaning up failed'));
    throw error;
  }
}

/** Routing first, so that no alert finds it closed; scrapes last. */
function begin(parts: GuardParts, teardown: Teardown): void {
  const { alertmanager, rules, scrapes, store, clock, logger, sloReloader, options } = parts;
  alertmanager.start();
  rules.start();
  teardown.add(() => rules.stop());
  scrapes.start();
  teardown.add(() => scrapes.stop());
  if (sloReloader && options.slosDirectory !== undefined) {
    const watch = watchSlos({ directory: options.slosDirectory, reloader: sloReloader, clock, logger });
    teardown.add(() => watch.stop());
  }
  const maintenance = startTicker(clock, {
    interval: MAINTENANCE_INTERVAL_MS,
    offset: 0,
    onTick: () => store.maintain(),
    onError: error => logger.error({ error }, 'maintenance of the sample store failed'),
  });
  teardown.add(() => maintenance.stop());
}
