import { type Clock, UserError, withDeadline } from '../core/index.ts';
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
  const { bodySizeLimitBytes } = config;
  return () =>
    withDeadline({ clock, limit, tooLate, ending }, signal =>
      client.fetch({ url: target.url, headers, signal, bodySizeLimitBytes }),
    );
}
