import type { IncomingMessage } from 'node:http';

/** What a target answers to one request. */
export interface Answer {
  /** 200 by default. */
  readonly status?: number;
  /** The content type of the text format by default; '' sends none. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds before it is sent. */
  readonly delay?: number;
  /** Cut the connection in the middle of the body. */
  readonly cut?: boolean;
}

/** One target, and what both engines must make of it. */
export interface ScrapeCase {
  /** The job's name and the first part of its path. */
  readonly name: string;
  /** More fields of the job, in YAML's flow style. */
  readonly job?: string;
  /** Over TLS, with the certificate that the configuration calls `ca.pem`. */
  readonly secured?: boolean;
  /** The answer to an engine's scrape, which is its `n`th of this target, from 0; a text is one in the text format. */
  readonly answer: (n: number, request: IncomingMessage) => string | Answer;
  /** What both engines say went wrong in the end; they use words of their own. */
  readonly error?: { readonly ours: RegExp; readonly theirs: RegExp };
}

export const TEXT = 'text/plain; version=0.0.4; charset=utf-8';
export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** A body in OpenMetrics, with its end. */
export const openMetrics = (body: string): Answer => ({ type: OPEN_METRICS, body: `${body}# EOF\n` });

/** When the targets began, for timestamps that are the same for both engines. */
export const STARTED_AT = Date.now();
