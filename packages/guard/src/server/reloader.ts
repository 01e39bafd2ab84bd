import { Gauge, type Registry } from 'prom-client';
import { type Clock, type Logger, type Milliseconds, messageOf } from '../core/index.ts';

/** How the last attempt to read a configuration anew ended; the start counts as the first. */
export interface LastReload {
  readonly isSuccessful: boolean;
  readonly attemptedAt: Milliseconds;
  readonly succeededAt: Milliseconds;
  /** Why the last attempt failed. */
  readonly failure?: string;
}

/** Reads a configuration anew, on request. */
export interface Reloader {
  /** After those that were asked for before. @throws what `load` throws; what was loaded before then goes on */
  reload(): Promise<void>;
  lastReload(): LastReload;
}

export interface ReloaderOptions<T> {
  /** Before the metrics' names: `prometheus`, `alertmanager` or `slo_guard_slos`. */
  readonly prefix: string;
  /** Reads and checks everything; changes nothing. */
  readonly load: () => T;
  readonly apply: (loaded: T) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

export function createReloader<T>({
  prefix,
  load,
  apply,
  clock,
  logger,
  registry,
}: ReloaderOptions<T>): Reloader {
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `${prefix}_config_${name}`, help, registers: [registry] });
  const successful = gauge(
    'last_reload_successful',
    'Whether the last configuration reload attempt was successful.',
  );
  const timestamp = gauge(
    'last_reload_success_timestamp_seconds',
    'Timestamp of the last successful configuration reload.',
  );
  let last: LastReload = { isSuccessful: true, attemptedAt: clock.now(), succeededAt: clock.now() };
  let running: Promise<void> = Promise.resolve();
  tell();

  function tell(): void {
    successful.set(last.isSuccessful ? 1 : 0);
    timestamp.set(last.succeededAt / 1000);
  }

  async function reloadOnce(): Promise<void> {
    const now = clock.now();
    try {
      await apply(load());
      last = { isSuccessful: true, attemptedAt: now, succeededAt: now };
      logger.info({ configuration: prefix }, 'the configuration was read anew');
    } catch (error) {
      last = { ...last, isSuccessful: false, attemptedAt: now, failure: messageOf(error) };
      logger.error(
        { configuration: prefix, error: messageOf(error) },
        'the configuration could not be read anew; the one before goes on',
      );
      throw error;
    } finally {
      tell();
    }
  }

  return {
    reload() {
      const next = running.then(reloadOnce);
      running = next.catch(() => {});
      return next;
    },
    lastReload: () => last,
  };
}
