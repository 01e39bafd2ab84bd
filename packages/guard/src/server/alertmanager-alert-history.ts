import type { FastifyInstance } from 'fastify';
import type { Alertmanager } from '../alertmanager/index.ts';
import { OpenApiError } from './open-api-error.ts';

const FINGERPRINT = /^[0-9a-f]{16}$/;

/**
 * `/alert/{fingerprint}/history`, which Alertmanager does not have: what was decided about an alert and why, oldest
 * first, and what it waits for. Both are empty for an alert that nobody has heard of.
 */
export function registerAlertHistory(
  app: FastifyInstance,
  alertmanager: Pick<Alertmanager, 'historyOf' | 'waitsOf'>,
): void {
  app.get('/alert/:fingerprint/history', async request => {
    const { fingerprint } = request.params as { fingerprint: string };
    if (!FINGERPRINT.test(fingerprint))
      throw new OpenApiError(422, `fingerprint in path must be 16 hexadecimal digits: ${fingerprint}`, 601);
    return {
      fingerprint,
      decisions: alertmanager
        .historyOf(fingerprint)
        .map(({ at, ...entry }) => ({ at: timeText(at), ...entry })),
      waits: alertmanager.waitsOf(fingerprint).map(({ until, ...wait }) => ({
        ...wait,
        ...(until !== undefined && { until: timeText(until) }),
      })),
    };
  });
}

const timeText = (at: number) => new Date(at).toISOString();
