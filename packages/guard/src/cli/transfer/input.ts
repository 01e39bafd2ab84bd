import { createReadStream, fstatSync, openSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { messageOf, UserError } from '../../core/index.ts';

/** Bytes of a file that is read from its beginning. */
export interface Input {
  /** For people. */
  readonly name: string;
  /** Decompressed where the file is compressed. @throws UserError `unreadable-file` */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How much of the file has been read, 0 to 1; undefined where its size is unknown. */
  share(): number | undefined;
}

const STANDARD_INPUT = '-';
const READ_SIZE = 256 << 10;
/** RFC 1952. */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** Opens a file, or standard input for `-`; what begins as gzip does is decompressed. @throws UserError `unreadable-file` */
export function openInput(path: string): Input {
  const { stream, size, name } = path === STANDARD_INPUT ? standardInput() : openFile(path);
  let read = 0;
  const counted = async function* () {
    try {
      for await (const chunk of stream) {
        read += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
    } catch (error) {
      throw unreadable(name, error);
    }
  };
  return {
    name,
    bytes: decompressed(counted(), name),
    share: () => (size === undefined || size === 0 ? undefined : read / size),
  };
}

interface Opened {
  readonly name: string;
  readonly stream: Readable;
  readonly size: number | undefined;
}

const standardInput = (): Opened => ({ name: '<stdin>', stream: process.stdin, size: undefined });

function openFile(path: string): Opened {
  try {
    const fd = openSync(path, 'r');
    const stat = fstatSync(fd);
    const stream = createReadStream(path, { fd, highWaterMark: READ_SIZE });
    return { name: path, stream, size: stat.isFile() ? stat.size : undefined };
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* decompressed(chunks: AsyncGenerator<Buffer>, name: string): AsyncGenerator<Uint8Array> {
  const first = await chunks.next();
  if (first.done === true) return;
  const whole = withFirst(first.value, chunks);
  if (!GZIP_MAGIC.every((byte, i) => first.value[i] === byte)) {
    yield* whole;
    return;
  }
  try {
    // A failure of either ends both, and is thrown to the reader.
    yield* pipeline(Readable.from(whole), createGunzip(), () => undefined);
  } catch (error) {
    throw unreadable(name, error);
  }
}

async function* withFirst(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function unreadable(name: string, error: unknown): UserError {
  if (error instanceof UserError) return error;
  return new UserError('unreadable-file', `${name} cannot be read: ${messageOf(error)}`);
}
