import { pipeline, type Readable, type Transform } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { UserError } from '../core/index.ts';
import {
  createHttpClient,
  type HttpAnswer,
  type HttpClientConfig,
  type Redact,
} from '../http-client/index.ts';
import { collectBody } from './body.ts';

/** An exposition of two million series is smaller; what is much larger would not fit a text. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

export interface ScrapeRequest {
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted at the scrape's timeout. */
  readonly signal: AbortSignal;
  /** Of the body after decompression; a body that reaches it fails. 0 is the largest that is read at all, 256 MiB. */
  readonly bodySizeLimitBytes: number;
}

export interface ScrapeResponse {
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
  /** Hides what the request kept secret in what is told of the answer. */
  readonly redact: Redact;
}

/** Gets expositions, as a job's options say. */
export interface ScrapeClient {
  /**
   * Rejects when there is no whole answer of status 200 within the limits: with UserError `http-status`,
   * `body-size-limit`, `unsupported-encoding`, or the client's error.
   */
  fetch(request: ScrapeRequest): Promise<ScrapeResponse>;
  close(): Promise<void>;
}

/** How a job's targets are connected to. */
export interface ScrapeConnection {
  readonly config: HttpClientConfig;
  /** Connected to whatever the address says; '' for none. */
  readonly unixSocket: string;
  /** Whether bodies may be compressed with zstd. */
  readonly zstd: boolean;
}

export function createScrapeClient({ config, unixSocket, zstd }: ScrapeConnection): ScrapeClient {
  const client = createHttpClient({ config, ...(unixSocket !== '' && { unixSocket }) });
  return {
    async fetch({ url, headers, signal, bodySizeLimitBytes }) {
      const answer = await client.get({ url, headers, signal });
      if (answer.status !== 200) {
        await answer.body.dump();
        throw new UserError('http-status', `the target answered with HTTP status ${answer.statusLine}`);
      }
      const limit = Math.min(bodySizeLimitBytes || MAX_BODY_BYTES, MAX_BODY_BYTES);
      const tooLarge = () =>
        new UserError('body-size-limit', `body_size_limit exceeded: ${limit} bytes are too many`);
      const body = await collectBody(await decoded(answer, zstd), limit, tooLarge);
      return { contentType: answer.header('content-type'), body, redact: answer.redact };
    },
    close: () => client.close(),
  };
}

/** At most 8 MiB of window, as in the reference: what is packed says how much memory unpacking takes. */
const ZSTD_PARAMS = { [constants.ZSTD_d_windowLogMax]: 23 };

/** A failure on either side ends both; whoever reads meets it. */
const unpacked = (body: Readable, unpacker: Transform): Readable => pipeline(body, unpacker, () => {});

/** Only exact spellings are known to the reference too; what is neither is taken as it is. */
async function decoded(answer: HttpAnswer, zstd: boolean): Promise<Readable> {
  switch (answer.header('content-encoding')) {
    case 'gzip':
      return unpacked(answer.body, createGunzip());
    case 'zstd':
      if (zstd) return unpacked(answer.body, createZstdDecompress({ params: ZSTD_PARAMS }));
      await answer.body.dump();
      throw new UserError(
        'unsupported-encoding',
        'the body is compressed with zstd, which was not asked for',
      );
    default:
      return answer.body;
  }
}
