export {
  encodeWriteRequest,
  encodeWriteRequestV2,
  WRITE_HEADERS,
  type WrittenSeries,
} from './encode-request.ts';
export { MAX_BYTES } from './limits.ts';
export type { WriteOutcome } from './outcome.ts';
export { createWriteReceiver, type WriteReceiver, type WriteReceiverOptions } from './receiver.ts';
export { snappyCompress } from './snappy-compress.ts';
export { NOTHING_WRITTEN, type Written } from './tally.ts';
export type { WriteVersion } from './transaction.ts';
