import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { messageOf, UserError } from '../../core/index.ts';

/**
 * Writes text to a file, compressed when its name ends with `.gz`, or to standard output. The file is there once it is
 * whole: until then it has the suffix `.partial`, and after a failure it is gone.
 *
 * @throws UserError `unwritable-file`, or what the text throws
 */
export async function writeOutput(
  text: AsyncIterable<string>,
  file: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (file === undefined || file === '-') {
    await pipeline(Readable.from(text), process.stdout, { signal, end: false });
    return;
  }
  const partial = `${file}.partial`;
  try {
    const output = createWriteStream(partial);
    const stages = file.endsWith('.gz')
      ? [Readable.from(text), createGzip(), output]
      : [Readable.from(text), output];
    await pipeline(stages, { signal });
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new UserError('unwritable-file', `${file} cannot be written: ${messageOf(error)}`);
  }
}
