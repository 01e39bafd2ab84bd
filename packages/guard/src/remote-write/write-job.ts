import { setImmediate as turnOfOthers } from 'node:timers/promises';
import { messageOf, UserError } from '../core/index.ts';
import type { WriteOutcome } from './outcome.ts';
import { SNAPPY_CORRUPT, SNAPPY_TOO_LARGE, type SnappyBlock } from './snappy.ts';
import type { Tally } from './tally.ts';
import { RequestRefused, type WriteVersion } from './transaction.ts';

/** A request on its way to the store. */
export interface WriteJob {
  readonly version: WriteVersion;
  readonly block: SnappyBlock;
  /** Of the attempt that was made last. */
  tally: Tally;
  settle(outcome: WriteOutcome): void;
}

/** Decoded between two steps: a few milliseconds. */
const DECODE_STEP_BYTES = 2 * 1024 * 1024;

/**
 * Decodes a job's body, into `room` where it fits: what is in it belongs to the job until the next one is decoded.
 *
 * @throws UserError `snappy-corrupt`
 */
export async function bodyOf({ block }: WriteJob, room?: Buffer): Promise<Buffer> {
  const fits = room !== undefined && block.length <= room.length;
  const output = fits ? room.subarray(0, block.length) : Buffer.allocUnsafe(block.length);
  const step = block.decode(output);
  while (!step(DECODE_STEP_BYTES)) await turnOfOthers();
  return output;
}

/** Takes all steps, with a turn of others in between. */
export async function finish(steps: Generator<undefined, void>): Promise<void> {
  while (steps.next().done !== true) await turnOfOthers();
}

/** The outcome of a job whose request was at fault; throws on what was not the request's fault. */
export function refusalOf(error: unknown): WriteOutcome {
  if (error instanceof RequestRefused) return { type: 'refused', message: error.message };
  if (!(error instanceof UserError)) throw error;
  const { code, message } = error.problems[0]!;
  const isCorrupt = code === SNAPPY_CORRUPT || code === SNAPPY_TOO_LARGE;
  return { type: isCorrupt ? 'corrupt' : 'refused', message };
}

/** The outcome of a job whose samples are committed. */
export function writtenOutcome({ tally }: WriteJob): WriteOutcome {
  const written = tally.written();
  const message = tally.message();
  return message === undefined ? { type: 'written', written } : { type: 'partial', written, message };
}

/** The outcome of jobs whose commit failed. */
export function failedOutcome(error: unknown): WriteOutcome {
  const message = error instanceof UserError ? error.problems[0]!.message : messageOf(error);
  return { type: 'failed', message };
}
