import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AlertFilter, Alertmanager, PostableAlert } from '../alertmanager/index.ts';
import { readAlertFilter, sendText, sendUserError } from './alertmanager-filters.ts';
import { readBody, stringMap, timeField, ZERO_TIME } from './open-api-body.ts';

const optionalTime = () =>
  timeField()
    .nullish()
    .transform(at => (at == null || at === ZERO_TIME ? undefined : at));

/** What Go's url.ParseRequestURI takes: an absolute address or a path. */
const uri = z.string().refine(text => text === '' || text.startsWith('/') || URL.canParse(text), {
  error: issue => `must be of type uri: ${JSON.stringify(issue.input)}`,
  params: { form: true },
});

/** `postableAlerts` of the API's document; unknown fields are ignored there. */
const postableAlerts = z.array(
  z.object({
    annotations: stringMap.nullish(),
    endsAt: optionalTime(),
    startsAt: optionalTime(),
    generatorURL: uri.nullish(),
    labels: stringMap,
  }),
);

/** `/alerts`, `/alerts/groups` and `/receivers` of Alertmanager's API v2. */
export function registerAlerts(app: FastifyInstance, alertmanager: Alertmanager): void {
  const views: Readonly<Record<string, (filter: AlertFilter) => unknown>> = {
    '/alerts': filter => alertmanager.alerts(filter),
    '/alerts/groups': filter => alertmanager.groups(filter),
    '/receivers': ({ receiverMatchers = [] }) => alertmanager.receivers({ receiverMatchers }),
  };
  for (const [url, view] of Object.entries(views))
    app.get(url, async (request, reply) => answerFiltered(request, reply, view));

  app.post('/alerts', async (request, reply) => {
    const body = readBody('alerts', postableAlerts, request.body === null ? [] : request.body);
    const { invalid, durable } = await alertmanager.putShared(body.map(postedAlert));
    // The valid ones are kept even when others make the answer 400, as in the original.
    if (invalid.length > 0) return sendText(reply, 400, invalid.map(({ message }) => message).join('\n'));
    if (!durable) return sendText(reply, 500, 'the alerts are routed, but could not be written to disk');
    return reply.code(200).send();
  });
}

function postedAlert({
  labels,
  annotations,
  startsAt,
  endsAt,
  generatorURL,
}: z.output<typeof postableAlerts>[number]): PostableAlert {
  return {
    labels,
    ...(annotations && { annotations }),
    ...(startsAt !== undefined && { startsAt }),
    ...(endsAt !== undefined && { endsAt }),
    ...(generatorURL && { generatorUrl: generatorURL }),
  };
}

function answerFiltered(
  request: FastifyRequest,
  reply: FastifyReply,
  view: (filter: AlertFilter) => unknown,
): unknown {
  try {
    return view(readAlertFilter(request));
  } catch (error) {
    return sendUserError(reply, error);
  }
}
