import type { Milliseconds } from '../core/index.ts';

/** Go's zero time: "never". */
const NEVER = '0001-01-01T00:00:00Z';

/** An instant as Go's encoding/json writes it: no trailing zeros in the fraction. */
export const timeText = (at: Milliseconds | undefined): string =>
  at === undefined ? NEVER : new Date(at).toISOString().replace(/\.?0*Z$/, 'Z');
