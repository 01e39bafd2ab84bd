import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { registerAlertHistory } from './alertmanager-alert-history.ts';
import { answerAsOpenApi } from './open-api-error.ts';

const FINGERPRINT = '03e4483a4b5aa8e6';

function ask(path: string) {
  const app = Fastify();
  answerAsOpenApi(app, { '/alert/:fingerprint/history': ['GET'] });
  registerAlertHistory(app, {
    historyOf: fingerprint =>
      fingerprint === FINGERPRINT
        ? [
            {
              at: 0,
              groupKey: '{}:{}',
              receiver: 'page',
              decision: 'not sent',
              reason: 'muted by office',
              times: 2,
            },
          ]
        : [],
    waitsOf: fingerprint =>
      fingerprint === FINGERPRINT
        ? [{ groupKey: '{}:{}', receiver: 'page', waitsFor: 'group_interval', until: 60_000 }]
        : [],
  });
  return app.inject(path);
}

it('tells what was decided about an alert, why, and what it waits for', async () => {
  expect((await ask(`/alert/${FINGERPRINT}/history`)).json()).toEqual({
    fingerprint: FINGERPRINT,
    decisions: [
      {
        at: '1970-01-01T00:00:00.000Z',
        groupKey: '{}:{}',
        receiver: 'page',
        decision: 'not sent',
        reason: 'muted by office',
        times: 2,
      },
    ],
    waits: [
      {
        groupKey: '{}:{}',
        receiver: 'page',
        waitsFor: 'group_interval',
        until: '1970-01-01T00:01:00.000Z',
      },
    ],
  });
});

it('is empty for an alert that nobody has heard of, and refuses what is no fingerprint', async () => {
  expect((await ask('/alert/0000000000000000/history')).json()).toMatchObject({ decisions: [], waits: [] });
  expect((await ask('/alert/x/history')).statusCode).toBe(422);
  expect((await ask('/alert/x/nothing')).json()).toEqual({
    code: 404,
    message: 'path /alert/x/nothing was not found',
  });
});
