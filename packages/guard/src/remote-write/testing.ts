/** What tests of the receiver send. */
export {
  encodeWriteRequest,
  encodeWriteRequestV2,
  STALE_BITS,
  WRITE_HEADERS,
  type WrittenExemplar,
  type WrittenLabels,
  type WrittenMetadata,
  type WrittenRequest,
  type WrittenSample,
  type WrittenSeries,
} from './encode-request.ts';
export { snappyCompress } from './snappy-compress.ts';
