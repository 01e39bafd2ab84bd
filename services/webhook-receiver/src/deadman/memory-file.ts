import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Memory, NOTHING_SEEN } from './deadman.ts';

const schema = z.object({
  lastSeen: z.number().nullable(),
  outage: z
    .object({
      lateSince: z.number(),
      endedAt: z.number().nullable(),
      told: z.enum(['nothing', 'late', 'recovered']),
    })
    .nullable(),
});

/** Where a dead man's memory is kept: a small file that is replaced whole. */
export interface MemoryFile {
  readonly saved: Memory;
  /** Whether the file was there and could not be read. */
  readonly isDamaged: boolean;
  /** @throws {Error} when it could not be written */
  save(memory: Memory): void;
}

/** `heartbeat.json` in the folder, which is made when it is missing. */
export function openMemoryFile(folder: string): MemoryFile {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'heartbeat.json');
  const saved = readMemory(path);
  return {
    saved: saved ?? NOTHING_SEEN,
    isDamaged: saved === undefined,
    save(memory) {
      writeFileSync(`${path}.new`, JSON.stringify(memory));
      renameSync(`${path}.new`, path);
    },
  };
}

/** Undefined when it is damaged. */
function readMemory(path: string): Memory | undefined {
  if (!existsSync(path)) return NOTHING_SEEN;
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
