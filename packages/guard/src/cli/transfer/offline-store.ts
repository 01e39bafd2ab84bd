import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { Registry } from 'prom-client';
import { type Clock, type Milliseconds, UserError } from '../../core/index.ts';
import { openStore, type Store } from '../../tsdb/index.ts';

/** Where a guard keeps its samples within its data directory. */
const STORE_FOLDER = 'metrics';

export interface OfflineOptions {
  readonly dataDirectory: string;
  readonly clock: Clock;
  readonly retention: Milliseconds;
  /** Whether a directory without a store gets one. */
  readonly create: boolean;
}

/**
 * Opens the sample store of a guard that does not run. Damage is told on standard error.
 *
 * @throws UserError `store-locked` while a guard has it, `no-store`, and what `openStore` throws
 */
export function openOfflineStore({ dataDirectory, clock, retention, create }: OfflineOptions): Store {
  const directory = join(dataDirectory, STORE_FOLDER);
  if (!create && !existsSync(directory))
    throw new UserError(
      'no-store',
      `${dataDirectory} is not the data directory of a guard: it has no ${STORE_FOLDER}/`,
    );
  const logger = pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }));
  return openStore({ directory, clock, logger, registry: new Registry(), retention });
}
