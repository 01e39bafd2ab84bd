import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type QueryString, readQueryString } from './go-query-string.ts';
import { createParams, type RequestParams } from './request-params.ts';

/** The `bodyLimit` of an app of `acceptForms`: the largest form in bytes, as in Go's net/http. */
export const FORM_LIMIT = 10 * 1024 * 1024;

/**
 * Makes an app read its parameters from forms as Prometheus does: URL-encoded and multipart ones; a body of any
 * other type, or of none, holds no parameters and is no mistake.
 */
export function acceptForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addHook('onRequest', (request, _reply, done) => {
    const type = request.headers['content-type'];
    // The framework refuses what is no media type at all; to Prometheus it is one that holds no parameters.
    if (type !== undefined && !type.includes('/'))
      request.headers['content-type'] = 'application/octet-stream';
    done();
  });
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, readQueryString(body as string)),
  );
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: string | Buffer) =>
      readMultipart(request.headers['content-type'] ?? '', body as Buffer),
  );
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined));
}

/** The parameters of a request to an app of `acceptForms`. */
export function paramsOf({ url, body }: FastifyRequest): RequestParams {
  const query = url.indexOf('?');
  return createParams(query < 0 ? '' : url.slice(query + 1), body as QueryString | undefined);
}

async function readMultipart(type: string, body: Buffer): Promise<QueryString> {
  try {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
    return {
      pairs: [...form].flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value] as const] : [],
      ),
      error: undefined,
    };
  } catch {
    return { pairs: [], error: 'multipart: NextPart: EOF' };
  }
}
