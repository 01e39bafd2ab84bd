import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { rowDigest } from '../sqlite/index.ts';

/**
 * The number of the last acknowledged transaction, kept beside the database: SQLite takes a damaged frame for the
 * end of its log and says nothing, and only a number kept elsewhere can tell. It is not synchronised, since it only
 * ever lags: after a power loss less is noticed, but nothing is claimed lost that is not.
 */
export interface AcknowledgedMark {
  /** What was noted last, 0 when nothing or nothing legible. */
  read(): number;
  note(sequence: number): void;
  close(): void;
}

const WIDTH = 20;

export function openAcknowledgedMark(file: string): AcknowledgedMark {
  const descriptor = openSync(file, 'a+');
  closeSync(descriptor);
  const writable = openSync(file, 'r+');
  return {
    read() {
      const [number = '', digest = ''] = readFileSync(file, 'utf8').trim().split(/\s+/);
      const sequence = Number(number);
      return rowDigest('acknowledged', sequence) === Number(digest) ? sequence : 0;
    },
    note(sequence) {
      const digest = rowDigest('acknowledged', sequence);
      writeSync(writable, `${`${sequence}`.padStart(WIDTH)} ${`${digest}`.padStart(WIDTH)}\n`, 0);
    },
    close: () => closeSync(writable),
  };
}
