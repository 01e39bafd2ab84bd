export { MAX_BYTES } from './limits.ts';
export type { WriteOutcome } from './outcome.ts';
export { createWriteReceiver, type WriteReceiver, type WriteReceiverOptions } from './receiver.ts';
export { NOTHING_WRITTEN, type Written } from './tally.ts';
export type { WriteVersion } from './transaction.ts';
