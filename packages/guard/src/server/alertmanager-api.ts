import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AlertFilter, Alertmanager, PostableAlert } from '../alertmanager/index.ts';
import { messageOf, UserError } from '../core/index.ts';

export interface AlertmanagerApiOptions {
  readonly alertmanager: Alertmanager;
  readonly version: string;
}

const time = z.iso.datetime({ offset: true }).transform(text => Date.parse(text));
/** Go's zero time stands for "not given". */
const optionalTime = time.transform(at => (at <= ZERO_TIME ? undefined : at)).optional();
const ZERO_TIME = Date.parse('0001-01-01T00:00:00Z');
const stringMap = z.record(z.string(), z.string());

/** `postableAlerts` of the API's OpenAPI document; unknown fields are ignored there. */
const postableAlerts = z.array(
  z.object({
    labels: stringMap,
    annotations: stringMap.optional(),
    startsAt: optionalTime,
    endsAt: optionalTime,
    generatorURL: z.string().optional(),
  }),
);

/** Alertmanager's API v2 under `/api/v2`: alerts, groups, receivers, status. Silences answer 501. */
export function registerAlertmanagerApi(
  app: FastifyInstance,
  { alertmanager, version }: AlertmanagerApiOptions,
): void {
  app.get('/api/v2/alerts', (request, reply) =>
    answerFiltered(request, reply, filter => alertmanager.alerts(filter)),
  );
  app.get('/api/v2/alerts/groups', (request, reply) =>
    answerFiltered(request, reply, filter => alertmanager.groups(filter)),
  );
  app.get('/api/v2/receivers', async () => alertmanager.receivers().map(({ name }) => ({ name })));
  app.get('/api/v2/status', async () => ({
    ...alertmanager.status(),
    versionInfo: { version, revision: '', branch: '', buildUser: '', buildDate: '', goVersion: '' },
  }));

  app.post('/api/v2/alerts', async (request, reply) => {
    const body = postableAlerts.safeParse(request.body ?? []);
    if (!body.success) return refuse(reply, 400, messageOfIssues(body.error));
    const batch = body.data.map(
      ({ generatorURL, ...alert }): PostableAlert => ({
        ...alert,
        ...(generatorURL === undefined ? {} : { generatorUrl: generatorURL }),
      }),
    );
    const { invalid, durable } = alertmanager.put(batch);
    // The valid ones are kept even when others make the answer 400, as in the original.
    if (invalid.length > 0) return refuse(reply, 400, invalid.map(({ message }) => message).join('\n'));
    if (!durable) return refuse(reply, 500, 'the alerts are routed, but could not be written to disk');
    return reply.code(200).send();
  });

  for (const [method, url] of [
    ['GET', '/api/v2/silences'],
    ['POST', '/api/v2/silences'],
    ['GET', '/api/v2/silence/:id'],
    ['DELETE', '/api/v2/silence/:id'],
  ] as const) {
    app.route({
      method,
      url,
      handler: async (_request, reply) =>
        refuse(reply, 501, 'silences are not served here yet; a real Alertmanager has them'),
    });
  }
  app.all('/api/v1/*', async (_request, reply) => refuse(reply, 410, 'API v1 is gone; use /api/v2'));

  async function answerFiltered(
    request: FastifyRequest,
    reply: FastifyReply,
    view: (filter: AlertFilter) => unknown,
  ) {
    try {
      return await reply.send(view(filterOf(request)));
    } catch (error) {
      if (error instanceof UserError) return refuse(reply, 400, error.message);
      throw error;
    }
  }
}

function filterOf(request: FastifyRequest): AlertFilter {
  const params = new URLSearchParams(request.url.split('?').slice(1).join('?'));
  // Anything but "true" is false, as in the original.
  const flag = (name: string) => (params.has(name) ? params.get(name) === 'true' : undefined);
  return {
    filter: params.getAll('filter'),
    receiver: params.get('receiver') ?? undefined,
    active: flag('active'),
    silenced: flag('silenced'),
    inhibited: flag('inhibited'),
  };
}

const messageOfIssues = (error: z.ZodError) =>
  error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('\n');

/** The original's errors are JSON strings. */
const refuse = (reply: FastifyReply, status: number, message: string) =>
  reply
    .code(status)
    .type('application/json')
    .send(JSON.stringify(messageOf(message)));
