import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** When the file has grown to this, it becomes the previous one, and the one before that goes. */
export const JOURNAL_BYTES = 32 * 1024 * 1024;

/** A file of JSON lines to which each accepted delivery is written before it is acknowledged. */
export interface Journal {
  /** What was written before, oldest first. A torn or damaged line is skipped and counted. */
  readonly replayed: { readonly lines: readonly unknown[]; readonly damaged: number };
  /** @throws {Error} when the line could not be written: the delivery must then not be acknowledged */
  append(line: unknown): void;
  close(): void;
}

function readLines(path: string): { lines: unknown[]; damaged: number; endsWhole: boolean } {
  if (!existsSync(path)) return { lines: [], damaged: 0, endsWhole: true };
  const content = readFileSync(path, 'utf8');
  const lines: unknown[] = [];
  let damaged = 0;
  for (const line of content.split('\n')) {
    if (line === '') continue;
    try {
      lines.push(JSON.parse(line));
    } catch {
      damaged += 1;
    }
  }
  return { lines, damaged, endsWhole: content === '' || content.endsWith('\n') };
}

/** Opens `deliveries.jsonl` in the folder, which is made when it is missing. */
export function openJournal(folder: string, maxBytes = JOURNAL_BYTES): Journal {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'deliveries.jsonl');
  const previous = `${path}.1`;
  const older = readLines(previous);
  const newer = readLines(path);
  let file = openSync(path, 'a');
  let bytes = fstatSync(file).size;
  // A line that a crash cut short must not swallow the next one.
  if (!newer.endsWhole) bytes += writeSync(file, '\n');

  function rotate(): void {
    closeSync(file);
    renameSync(path, previous);
    file = openSync(path, 'a');
    bytes = 0;
  }

  return {
    replayed: { lines: [...older.lines, ...newer.lines], damaged: older.damaged + newer.damaged },
    append(line) {
      const data = Buffer.from(`${JSON.stringify(line)}\n`);
      if (bytes > 0 && bytes + data.length > maxBytes) rotate();
      const written = writeSync(file, data);
      bytes += written;
      if (written !== data.length) throw new Error('the disk took only a part of the line');
    },
    close: () => closeSync(file),
  };
}
