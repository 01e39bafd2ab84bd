import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Milliseconds, parseDuration } from '../core/index.ts';

/** A parameter that cannot be read; the message names it. Answered with the status that it carries. */
export class BadParameter extends Error {
  override readonly name = 'BadParameter';
  readonly statusCode = 400;
}

/** Makes form bodies readable, as Prometheus takes its parameters from them too. */
export function acceptForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, new URLSearchParams(body as string));
    },
  );
}

/** The query string's and the form body's parameters together; the body's come first, as in Go's net/http. */
export function paramsOf(request: FastifyRequest): URLSearchParams {
  const fromUrl = new URLSearchParams(request.url.split('?').slice(1).join('?'));
  if (!(request.body instanceof URLSearchParams)) return fromUrl;
  return new URLSearchParams([...request.body, ...fromUrl]);
}

/**
 * An instant as RFC 3339 or Unix seconds.
 *
 * @throws BadParameter
 */
export function timeParam(params: URLSearchParams, name: string): Milliseconds {
  return readTime(params.get(name) ?? '', `invalid parameter "${name}": `);
}

/** As `timeParam`, with a value for when it is left out. @throws BadParameter */
export function optionalTimeParam(
  params: URLSearchParams,
  name: string,
  fallback: Milliseconds,
): Milliseconds {
  const text = params.get(name);
  if (text === null || text === '') return fallback;
  return readTime(text, `invalid parameter "${name}": invalid time value for '${name}': `);
}

function readTime(text: string, prefix: string): Milliseconds {
  const seconds = numberOf(text);
  if (seconds !== undefined) return Math.round(seconds * 1000);
  const date = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(date))
    throw new BadParameter(`${prefix}cannot parse ${JSON.stringify(text)} to a valid timestamp`);
  return date;
}

/** A duration as seconds or as in `5m`. @throws BadParameter */
export function durationParam(params: URLSearchParams, name: string): Milliseconds | undefined {
  const text = params.get(name);
  if (text === null || text === '') return undefined;
  const seconds = numberOf(text);
  const duration = seconds === undefined ? parseDuration(text) : Math.round(seconds * 1000);
  if (duration === undefined || !Number.isSafeInteger(duration)) {
    throw new BadParameter(
      `invalid parameter "${name}": cannot parse ${JSON.stringify(text)} to a valid duration`,
    );
  }
  return duration;
}

/** A whole number that is not negative; 0 where it is left out. @throws BadParameter */
export function limitParam(params: URLSearchParams): number {
  const text = params.get('limit');
  if (text === null || text === '') return 0;
  const limit = numberOf(text);
  if (limit === undefined || !Number.isSafeInteger(limit) || limit < 0) {
    throw new BadParameter(
      `invalid parameter "limit": ${JSON.stringify(text)} is not a non-negative whole number`,
    );
  }
  return limit;
}

function numberOf(text: string): number | undefined {
  const value = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}
