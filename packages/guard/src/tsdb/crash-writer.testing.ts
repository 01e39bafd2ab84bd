import { writeSync } from 'node:fs';
import { messageOf, UserError } from '../core/index.ts';
import { openLedgerStore, writeLedger } from './ledger.testing.ts';

/**
 * Writes transactions 1, 2, 3 … on from where the directory given as argument stands, and says each number on standard
 * output once its commit has returned, until it is killed. A refusal by the disk is said as its code.
 */
const [directory = '', maintainEvery = '7'] = process.argv.slice(2);
const store = openLedgerStore(directory);
const last = store.statistics().maxTime ?? 0;
writeSync(1, 'ready\n');
for (let n = last + 1; ; ) {
  try {
    writeLedger(store, n, n);
    writeSync(1, `${n}\n`);
    n++;
  } catch (error) {
    writeSync(1, `${error instanceof UserError ? error.code : messageOf(error)}\n`);
    if (store.statistics().maxTime !== (n === 1 ? undefined : n - 1))
      writeSync(1, 'visible after a refusal\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
  if (n % Number(maintainEvery) === 0) await store.maintain();
}
