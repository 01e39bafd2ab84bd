import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AlertFilter, Alertmanager } from '../alertmanager/index.ts';
import { readAlertFilter, sendText, sendUserError } from './alertmanager-filters.ts';
import { readPostableAlerts } from './postable-alerts.ts';

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
    const { invalid, durable } = await alertmanager.putShared(readPostableAlerts(request.body));
    // The valid ones are kept even when others make the answer 400, as in the original.
    if (invalid.length > 0) return sendText(reply, 400, invalid.map(({ message }) => message).join('\n'));
    if (!durable) return sendText(reply, 500, 'the alerts are routed, but could not be written to disk');
    return reply.code(200).send();
  });
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
