import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { packageFile } from '../core/index.ts';

/** The console's built pages: beside the sources in the workspace. */
const BUILT_PAGES = packageFile('../console/dist');

const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'none'",
].join('; ');

/** Serves the console's pages; every path that is no file and no API leads to the one page, which routes by itself. */
export async function registerConsolePages(app: FastifyInstance): Promise<void> {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
    reply.header('referrer-policy', 'no-referrer');
  });
  const isBuilt = existsSync(`${BUILT_PAGES}/index.html`);
  if (isBuilt) {
    await app.register(fastifyStatic, {
      root: BUILT_PAGES,
      cacheControl: false,
      wildcard: false,
      index: 'index.html',
    });
  }
  app.setNotFoundHandler((request, reply) => {
    if (request.url.startsWith('/api/')) {
      return reply
        .code(404)
        .send({ error: { code: 'not-found', message: `${request.method} ${request.url} is not served` } });
    }
    if (isHashed(request.url)) return reply.code(404).send();
    if (request.method !== 'GET' && request.method !== 'HEAD') return reply.code(405).send();
    if (!isBuilt)
      return reply
        .code(503)
        .type('text/plain')
        .send('The console is not built: npm run build -w @slo-guard/console\n');
    return reply.sendFile('index.html');
  });
}

/** Files whose names change with their content. */
const isHashed = (path: string) => path.split('?')[0]!.includes('/assets/');
