import { UserError } from '../core/index.ts';

/** Bytes of a request, compressed and decoded each (client_golang: exp/api/remote `maxDecodedSize`). */
export const MAX_BYTES = 32 * 1024 * 1024;

/** What one request may hold, so that a small body cannot become a huge list. */
const LIMITS = {
  /** Labels of one series or exemplar. */
  maxLabels: 1024,
  /** Exemplars of one series. */
  maxExemplars: 1024,
  /** Symbols of a request of version 2. */
  maxSymbols: 4 * 1024 * 1024,
} as const;

/** A request is beyond a limit; sending it again as it is cannot help. */
export const TOO_LARGE = 'remote-write-too-large';

/** @throws UserError `remote-write-too-large` when `count` is beyond the limit */
export function checkLimit(limit: keyof typeof LIMITS, count: number): void {
  if (count > LIMITS[limit])
    throw new UserError(TOO_LARGE, `more than ${LIMITS[limit]} (limit ${limit}) in one request or series`, {
      remedy: 'send smaller requests, or fewer labels and exemplars a series',
    });
}
