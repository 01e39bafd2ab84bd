import { type Clock, UserError } from '../core/index.ts';
import { acceptHeader } from './config/protocols.ts';
import type { ScrapeClient, ScrapeResponse } from './scrape-client.ts';
import type { Target } from './target.ts';

export interface ScrapeRequestOptions {
  readonly target: Target;
  readonly client: ScrapeClient;
  readonly clock: Clock;
  readonly zstd: boolean;
  readonly ending: AbortSignal;
}

/** Asks a target for its exposition, within its timeout. Rejects as `ScrapeClient.fetch`, or with UserError `scrape-timeout`. */
export function createScrapeRequest(options: ScrapeRequestOptions): () => Promise<ScrapeResponse> {
  const { target, client, clock, zstd, ending } = options;
  const { config, timeout: limit } = target;
  const seconds = limit / 1000;
  const headers = {
    accept: acceptHeader(config.protocols, config.escapingScheme),
    'accept-encoding': config.enableCompression ? (zstd ? 'zstd,gzip' : 'gzip') : 'identity',
    'user-agent': 'slo-guard',
    'x-prometheus-scrape-timeout-seconds': String(seconds),
  };
  const tooLate = () =>
    new UserError('scrape-timeout', `no whole answer within the scrape timeout of ${seconds} s`);
  return async () => {
    const timeout = new AbortController();
    const timer = clock.after(limit, () => timeout.abort(tooLate()));
    const signal = AbortSignal.any([timeout.signal, ending]);
    const { bodySizeLimitBytes } = config;
    try {
      const fetching = client.fetch({ url: target.url, headers, signal, bodySizeLimitBytes });
      return await Promise.race([fetching, rejectionOf(signal)]);
    } finally {
      timer.cancel();
    }
  };
}

/** Rejects when the signal is aborted: a transport that does not heed it must not hold up its target for ever. */
const rejectionOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
