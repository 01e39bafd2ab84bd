import { createHash } from 'node:crypto';

/**
 * A number in [0, 1) that depends on nothing but its arguments, so that the same run fails the same requests twice.
 * SHA-256, because neighbouring ordinals must give unrelated numbers; 48 bits of it, which a double holds exactly.
 */
export function chance(seed: string, id: string, ordinal: number): number {
  const digest = createHash('sha256').update(`${seed}\u0000${id}\u0000${ordinal}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
