import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

/** Lines appended to a file that is exchanged when it is full: at most twice `maxBytes` are kept. */
export interface LogFile {
  write(line: string): void;
  close(): void;
}

const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

/** Appends to `path`; when it exceeds `maxBytes` it becomes `<path>.1`, and the one before that is dropped. */
export function openLogFile(path: string, maxBytes = DEFAULT_MAX_BYTES): LogFile {
  let file = openSync(path, 'a');
  let size = fstatSync(file).size;

  function exchange(): void {
    closeSync(file);
    renameSync(path, `${path}.1`);
    file = openSync(path, 'a');
    size = 0;
  }

  return {
    write(line) {
      const bytes = Buffer.from(`${line}\n`);
      if (size > 0 && size + bytes.length > maxBytes) exchange();
      writeSync(file, bytes);
      size += bytes.length;
    },
    close: () => closeSync(file),
  };
}
