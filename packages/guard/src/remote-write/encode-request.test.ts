import { describe, expect, it } from 'vitest';
import { encodeWriteRequest, encodeWriteRequestV2, STALE_BITS, WRITE_HEADERS } from './encode-request.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const series = [{ labels: { __name__: 'up' }, samples: [{ timestamp: 1, value: 0, bits: STALE_BITS }] }];

describe('the sender', () => {
  it('writes the bytes of version 1', () => {
    const label = '0a0e0a085f5f6e616d655f5f12027570';
    expect(hex(encodeWriteRequest({ series }))).toBe(`0a1d${label}120b09020000000000f07f1001`);
  });

  it('writes the bytes of version 2, the empty symbol first', () => {
    const symbols = '220022085f5f6e616d655f5f22027570';
    expect(hex(encodeWriteRequestV2({ series }))).toBe(`${symbols}2a110a020102120b09020000000000f07f1001`);
  });

  it('has the headers of both', () => {
    expect(WRITE_HEADERS[1]['content-encoding']).toBe('snappy');
    expect(WRITE_HEADERS[2]['content-type']).toContain('io.prometheus.write.v2.Request');
  });
});
