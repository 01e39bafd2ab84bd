import { createGunzip } from 'node:zlib';
import { Agent, interceptors, request } from 'undici';
import { UserError } from '../core/index.ts';

export interface ScrapeRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted at the scrape's timeout. */
  readonly signal: AbortSignal;
  /** Of the body after decompression; a body that reaches it fails. 0 is none. */
  readonly bodySizeLimitBytes: number;
}

export interface ScrapeResponse {
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
}

/** Gets an exposition. Rejects when there is no whole answer of status 200 within the limits. */
export type ScrapeFetch = (request: ScrapeRequest) => Promise<ScrapeResponse>;

/** As many as Go's client follows. */
const MAX_REDIRECTS = 10;
/** Idle connections outlive usual scrape intervals. */
const KEEP_ALIVE_MS = 300_000;

export interface HttpScrapeFetch {
  readonly fetch: ScrapeFetch;
  close(): Promise<void>;
}

/** Scrapes over HTTP with connections kept alive. Rejects with UserError `http-status`, `body-size-limit`, or the transport's error. */
export function createHttpScrapeFetch(): HttpScrapeFetch {
  const agent = new Agent({ keepAliveTimeout: KEEP_ALIVE_MS, keepAliveMaxTimeout: KEEP_ALIVE_MS });
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: MAX_REDIRECTS }));
  return {
    async fetch({ url, headers, signal, bodySizeLimitBytes }) {
      const response = await request(url, { headers, signal, dispatcher });
      if (response.statusCode !== 200) {
        await response.body.dump();
        throw new UserError('http-status', `the target answered with HTTP status ${response.statusCode}`);
      }
      // Only the exact spelling is known to the reference too.
      const isGzip = response.headers['content-encoding'] === 'gzip';
      const stream = isGzip ? response.body.pipe(createGunzip()) : response.body;
      if (isGzip)
        response.body.on('error', error => (stream as ReturnType<typeof createGunzip>).destroy(error));
      const body = await collect(stream, bodySizeLimitBytes);
      const contentType = response.headers['content-type'];
      return { contentType: Array.isArray(contentType) ? contentType[0] : contentType, body };
    },
    close: () => agent.destroy(),
  };
}

async function collect(stream: AsyncIterable<unknown>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = chunk as Uint8Array;
    size += bytes.byteLength;
    if (limit > 0 && size >= limit) {
      throw new UserError('body-size-limit', `the body reaches body_size_limit, ${limit} bytes`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
