import type { Bench } from './bench.ts';

/** How long the traffic lasts, and how far scrapes are apart; both in seconds. */
export const DEMO_SECONDS = 900;
export const DEMO_STEP_SECONDS = 15;

const ENDPOINTS = [
  ['service_a', '/work'],
  ['service_b', '/compute'],
] as const;

/** Requests a second by status. */
const RATES = [
  ['success', 9],
  ['error', 1],
] as const;

/**
 * What the demo's two services expose, every label combination from the start; a tenth of the requests fails, and a
 * tenth is slower than the objective. Evaluates after each scrape. `start` in seconds; `at` is called after each
 * evaluation.
 */
export async function runDemo(bench: Bench, start = 0, at?: (time: number) => void): Promise<void> {
  for (let elapsed = 0; elapsed <= DEMO_SECONDS; elapsed += DEMO_STEP_SECONDS) {
    const time = start + elapsed;
    for (const [service, endpoint] of ENDPOINTS) {
      for (const [status, rate] of RATES) {
        const labels = { endpoint, method: 'GET', status };
        const write = (name: string, value: number, more = {}) =>
          bench.write(time, { __name__: `${service}_${name}`, ...labels, ...more }, value);
        write('requests_total', rate * elapsed);
        write('request_duration_seconds_count', rate * elapsed);
        write('request_duration_seconds_bucket', 0.9 * rate * elapsed, { le: '0.25' });
        write('request_duration_seconds_bucket', rate * elapsed, { le: '+Inf' });
      }
    }
    await bench.evaluate(time);
    at?.(time);
  }
}
