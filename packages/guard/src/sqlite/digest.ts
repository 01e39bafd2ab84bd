import { crc32 } from 'node:zlib';

/**
 * CRC-32 over the parts in turn, an unsigned 32-bit integer. Numbers and strings are told apart and lengths count,
 * so that moving a byte from one part to the next changes the digest. Put the row's key in, so that a payload that
 * turns up under another key is found as well.
 */
export function rowDigest(...parts: ReadonlyArray<string | number | Uint8Array>): number {
  let digest = 0;
  for (const part of parts) {
    const bytes = typeof part === 'number' ? `n${part}` : part;
    digest = crc32(`${typeof part === 'number' ? '' : part.length}|`, crc32(bytes, digest));
  }
  return digest;
}
