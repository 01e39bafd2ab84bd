import type { FastifyInstance } from 'fastify';
import type { Alertmanager } from '../alertmanager/index.ts';
import type { Clock } from '../core/index.ts';
import { registerAlertHistory } from './alertmanager-alert-history.ts';
import { registerAlerts } from './alertmanager-alerts.ts';
import { registerDocument } from './alertmanager-document.ts';
import { sendText } from './alertmanager-filters.ts';
import { registerSilences } from './alertmanager-silences.ts';
import { answerAsOpenApi, type PathMethods } from './open-api-error.ts';

export interface AlertmanagerApiOptions {
  readonly alertmanager: Alertmanager;
  readonly version: string;
  readonly clock: Pick<Clock, 'now'>;
}

const PATHS: PathMethods = {
  '/alerts': ['GET', 'POST'],
  '/alerts/groups': ['GET'],
  '/alert/:fingerprint/history': ['GET'],
  '/receivers': ['GET'],
  '/silences': ['GET', 'POST'],
  '/silence/:id': ['GET', 'DELETE'],
  '/status': ['GET'],
  '/openapi.yaml': ['GET'],
};

/** Alertmanager's API v2 under `/api/v2`; v1 answers that it is gone. */
export function registerAlertmanagerApi(
  app: FastifyInstance,
  { alertmanager, version, clock }: AlertmanagerApiOptions,
): void {
  app.register(
    async api => {
      answerAsOpenApi(api, PATHS);
      registerAlerts(api, alertmanager);
      registerAlertHistory(api, alertmanager);
      registerDocument(api);
      registerSilences(api, alertmanager, clock);
      api.get('/status', async () => ({
        ...alertmanager.status(),
        versionInfo: { version, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' },
      }));
    },
    { prefix: '/api/v2' },
  );
  app.all('/api/v1/*', async (_request, reply) => sendText(reply, 410, 'API v1 is gone; use /api/v2'));
}
