import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { createVirtualClock, milliseconds, silentLogger } from '../core/index.ts';
import { createWriteReceiver } from '../remote-write/index.ts';
import {
  encodeWriteRequest,
  encodeWriteRequestV2,
  snappyCompress,
  WRITE_HEADERS,
  type WrittenSeries,
} from '../remote-write/testing.ts';
import { contentOf, EPOCH, openTestStore } from '../tsdb/testing.ts';
import { createHttpApp } from './http-app.ts';
import { type RemoteWriteApiOptions, registerRemoteWrite } from './remote-write-api.ts';

const closers: Array<() => unknown> = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function openApi(options: Partial<RemoteWriteApiOptions> = {}) {
  const clock = createVirtualClock(milliseconds(EPOCH));
  const store = openTestStore({ clock });
  const receiver = createWriteReceiver({
    appendable: store,
    clock,
    logger: silentLogger,
    registry: new Registry(),
  });
  const app = createHttpApp({ logger: silentLogger, listen: '127.0.0.1', allowedHosts: [] });
  registerRemoteWrite(app, {
    receiver,
    acceptedMessages: ['prometheus.WriteRequest', 'io.prometheus.write.v2.Request'],
    ...options,
  });
  closers.push(
    () => app.close(),
    () => store.close(),
  );
  return {
    store,
    post: (payload: Buffer, headers: Record<string, string>) =>
      app.inject({ method: 'POST', url: '/api/v1/write', payload, headers }),
    get: () => app.inject({ method: 'GET', url: '/api/v1/write' }),
  };
}

const series = (name: string, at = 0): WrittenSeries => ({
  labels: { __name__: name },
  samples: [{ timestamp: EPOCH + at, value: 1 }],
});
const BODY_1 = snappyCompress(encodeWriteRequest({ series: [series('a')] }));
const BODY_2 = snappyCompress(encodeWriteRequestV2({ series: [series('a')] }));

describe('POST /api/v1/write', () => {
  it('answers version 1 with 204 and no counts', async () => {
    const { post, store } = openApi();
    const response = await post(BODY_1, WRITE_HEADERS[1]);
    expect([response.statusCode, response.body]).toEqual([204, '']);
    expect(response.headers).not.toHaveProperty('x-prometheus-remote-write-samples-written');
    expect(contentOf(store)).toEqual({ a: [[EPOCH, 1]] });
  });

  it('answers version 2 with what was written', async () => {
    const { post } = openApi();
    const response = await post(BODY_2, WRITE_HEADERS[2]);
    expect(response.statusCode).toBe(204);
    expect(response.headers).toMatchObject({
      'x-prometheus-remote-write-samples-written': '1',
      'x-prometheus-remote-write-histograms-written': '0',
      'x-prometheus-remote-write-exemplars-written': '0',
    });
  });

  it('answers a partial write with 400, the reasons as text, and what was written', async () => {
    const { post } = openApi();
    await post(BODY_2, WRITE_HEADERS[2]);
    const body = snappyCompress(encodeWriteRequestV2({ series: [series('a', -5), series('b')] }));
    const response = await post(body, WRITE_HEADERS[2]);
    expect([response.statusCode, response.body]).toEqual([
      400,
      'out of order sample for series {__name__="a"}\n',
    ]);
    expect(response.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-prometheus-remote-write-samples-written': '1',
    });
  });

  it.each([
    ['no content type', {}, 204],
    ['the bare content type', { 'content-type': 'application/x-protobuf' }, 204],
    [
      'the message of version 1',
      { 'content-type': 'application/x-protobuf;proto=prometheus.WriteRequest' },
      204,
    ],
    ['another content type', { 'content-type': 'application/json' }, 415],
    ['an unknown message', { 'content-type': 'application/x-protobuf;proto=x.Y' }, 415],
    ['a parameter without a value', { 'content-type': 'application/x-protobuf;proto' }, 415],
    ['no encoding', { 'content-encoding': '' }, 204],
    ['another encoding', { 'content-encoding': 'gzip' }, 415],
  ])('with %s answers as Prometheus does', async (_what, headers, status) => {
    const { post } = openApi();
    expect((await post(BODY_1, headers)).statusCode).toBe(status);
  });

  it('takes only the messages that it is told to', async () => {
    const { post } = openApi({ acceptedMessages: ['io.prometheus.write.v2.Request'] });
    const response = await post(BODY_1, WRITE_HEADERS[1]);
    expect(response.statusCode).toBe(415);
    expect(response.body).toContain('only accepts io.prometheus.write.v2.Request');
    expect((await post(BODY_2, WRITE_HEADERS[2])).statusCode).toBe(204);
  });

  it('refuses a body and a declared size beyond the limit', async () => {
    const { post } = openApi();
    const large = await post(Buffer.alloc(32 * 1024 * 1024 + 1), WRITE_HEADERS[1]);
    expect([large.statusCode, large.body]).toEqual([413, 'request body exceeds the 33554432 bytes limit\n']);
    const bomb = await post(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0]), WRITE_HEADERS[1]);
    expect([bomb.statusCode, bomb.body]).toEqual([400, 'decoded size exceeds the 33554432 bytes limit\n']);
    expect((await post(Buffer.alloc(0), WRITE_HEADERS[1])).statusCode).toBe(400);
  });

  it('says how to enable it where it is not', async () => {
    const { post, get } = openApi({ receiver: undefined });
    const response = await post(BODY_1, WRITE_HEADERS[1]);
    expect([response.statusCode, response.body]).toEqual([
      404,
      'remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n',
    ]);
    expect((await get()).statusCode).toBe(405);
  });
});
