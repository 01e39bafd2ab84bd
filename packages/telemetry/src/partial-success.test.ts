import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { trace } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { startTelemetry } from './start.ts';

/** ExportTraceServiceResponse { partial_success { rejected_spans: 2 } } */
const TWO_REJECTED = Buffer.from([0x0a, 0x02, 0x08, 0x02]);

it('counts the spans that a collector says it rejected, although the export succeeded', async () => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(TWO_REJECTED);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const warnings: string[] = [];
  const telemetry = await startTelemetry({
    serviceName: 'shop',
    logger: { info() {}, error() {}, warn: (_fields, message) => void warnings.push(message) },
  });
  for (let i = 0; i < 5; i += 1) trace.getTracer('test').startSpan('span').end();
  const counts = await telemetry.shutdown();
  server.closeAllConnections();
  server.close();
  expect(counts).toMatchObject({ ended: 5, exported: 3, queued: 0, inFlight: 0 });
  expect(counts.lost).toMatchObject({ rejected: 2, export_failed: 0, unflushed: 0 });
  expect(warnings).toEqual(['telemetry: the SDK reports a problem']);
});
