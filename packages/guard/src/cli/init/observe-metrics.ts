import { request } from 'undici';
import {
  createSystemClock,
  METRIC_NAME,
  type Milliseconds,
  messageOf,
  UserError,
  withDeadline,
} from '../../core/index.ts';
import { parseExposition } from '../../exposition/index.ts';
import { configuredHeaders, createConnections, redactHeaders, withhold } from '../../http-client/index.ts';
import type { Connection } from '../prometheus/connection.ts';
import { isCandidate, type Observed, type ObservedRow } from './observed.ts';

const MOST_BYTES = 64 << 20;
const TIMEOUT: Milliseconds = 30_000;
const tooLate = () => new Error(`no answer within ${TIMEOUT / 1000} s`);
const ACCEPT = 'application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.8';

/**
 * Reads a `/metrics` page; its counters have counted since the process began.
 *
 * @throws UserError `metrics-unreachable`, `metrics-bad-answer`, of `parseExposition`
 */
export async function observeMetrics({ base, http }: Connection, signal: AbortSignal): Promise<Observed> {
  const connections = createConnections(http.tls, undefined);
  const deadline = { clock: createSystemClock(), limit: TIMEOUT, tooLate, ending: signal };
  try {
    return await withDeadline(deadline, async ending => {
      const configured = await configuredHeaders(http);
      const redact = redactHeaders(configured);
      const { statusCode, headers, body } = await request(base, {
        headers: { accept: ACCEPT, ...configured },
        dispatcher: await connections.current(),
        signal: ending,
      });
      if (statusCode !== 200)
        throw new UserError('metrics-bad-answer', `${base} answered ${statusCode}`, {
          remedy: 'give the address of a metrics page, such as http://127.0.0.1:8001/metrics',
        });
      const contentType = [headers['content-type']].flat()[0];
      const bytes = await bytesOf(base, body);
      try {
        return { metrics: metricsOf(contentType, bytes), from: base, seconds: undefined };
      } catch (error) {
        throw withhold(error, { what: base, text: bytes.toString('utf8', 0, 1 << 16), redact });
      }
    });
  } catch (error) {
    if (error instanceof UserError || signal.aborted) throw error;
    throw new UserError('metrics-unreachable', `${base}: ${messageOf(error)}`, {
      remedy: 'start the service first',
    });
  } finally {
    await connections.close();
  }
}

async function bytesOf(base: string, body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MOST_BYTES)
      throw new UserError('metrics-bad-answer', `${base} answers more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function metricsOf(contentType: string | undefined, body: Uint8Array): Observed['metrics'] {
  const rows = new Map<string, ObservedRow[]>();
  for (const { labels, value } of parseExposition(contentType, body, { fallback: 'text' }).series) {
    const { [METRIC_NAME]: name = '', ...rest } = labels.toObject();
    if (!isCandidate(name) || !Number.isFinite(value)) continue;
    const known = rows.get(name) ?? [];
    known.push({ labels: rest, total: value });
    rows.set(name, known);
  }
  return [...rows].map(([name, list]) => ({ name, rows: list }));
}
