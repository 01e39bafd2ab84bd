import { Pool } from 'undici';
import type { CallOutcome } from './metrics.ts';

/** What came of a call; `reason` says in words why it failed. */
export type CallResult =
  | { readonly outcome: 'success'; readonly body: unknown }
  | { readonly outcome: Exclude<CallOutcome, 'success'>; readonly reason: string };

export interface Backend {
  /** Never throws; takes at most the timeout. */
  compute(): Promise<CallResult>;
  close(): Promise<void>;
}

/** Enough for the demo's load; requests beyond it wait, within the same timeout. */
const CONNECTIONS = 64;

/**
 * The backend over kept-alive connections. `timeoutMs` covers connecting, waiting and reading together.
 * @throws {Error} when `url` is not an http address
 */
export function createBackendClient(url: string, timeoutMs: number): Backend {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw new Error(`SERVICE_B_URL=${url} is not an http:// address, such as http://127.0.0.1:8002`);
  }
  const pool = new Pool(parsed.origin, { connections: CONNECTIONS, connect: { timeout: timeoutMs } });
  const path = `${parsed.pathname.replace(/\/$/, '')}/compute`;
  return {
    async compute() {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const { statusCode, body } = await pool.request({ path, method: 'GET', signal });
        if (statusCode === 200) return { outcome: 'success', body: await body.json() };
        await body.dump();
        return { outcome: 'error', reason: `service_b answered ${statusCode}` };
      } catch (error) {
        if (signal.aborted)
          return { outcome: 'timeout', reason: `service_b took longer than ${timeoutMs} ms` };
        return { outcome: 'error', reason: `service_b: ${(error as Error).message}` };
      }
    },
    close: () => pool.close(),
  };
}
