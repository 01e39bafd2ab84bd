import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { packageFile } from '../core/index.ts';

/** The document of the API v2, YAML of Swagger 2.0 as Alertmanager's own. */
export const readAlertmanagerDocument = (): string =>
  readFileSync(packageFile('src/server/alertmanager-openapi.yaml'), 'utf8');

/** `/openapi.yaml`: Alertmanager keeps its document under this name, and serves it nowhere. */
export function registerDocument(app: FastifyInstance): void {
  const document = readAlertmanagerDocument();
  app.get('/openapi.yaml', async (_request, reply) => reply.type('application/yaml').send(document));
}
