import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AlertFilter } from '../alertmanager/index.ts';
import { UserError } from '../core/index.ts';

/** go-openapi's words for true, in any case (swag ConvertBool); every other is false. */
const TRUE_WORDS = new Set(['true', '1', 'yes', 'ok', 'y', 'on', 'selected', 'checked', 't', 'enabled']);

const parametersOf = (request: FastifyRequest) =>
  new URLSearchParams(request.url.split('?').slice(1).join('?'));

/** A query parameter that is true where it is missing or empty. */
function flag(parameters: URLSearchParams, name: string): boolean {
  const text = parameters.get(name);
  return text === null || text === '' || TRUE_WORDS.has(text.toLowerCase());
}

export function readAlertFilter(request: FastifyRequest): AlertFilter {
  const parameters = parametersOf(request);
  return {
    filter: parameters.getAll('filter'),
    receiver: parameters.get('receiver') ?? undefined,
    receiverMatchers: parameters.getAll('receiver_matchers'),
    active: flag(parameters, 'active'),
    silenced: flag(parameters, 'silenced'),
    inhibited: flag(parameters, 'inhibited'),
    muted: flag(parameters, 'muted'),
  };
}

/** Which silences are asked for. */
export function readSilenceFilter(request: FastifyRequest) {
  const parameters = parametersOf(request);
  return {
    filter: parameters.getAll('filter'),
    active: flag(parameters, 'active'),
    pending: flag(parameters, 'pending'),
    expired: flag(parameters, 'expired'),
  };
}

/** Errors that Alertmanager's own handlers make are JSON strings. */
export const sendText = (reply: FastifyReply, status: number, message: string) =>
  reply.code(status).type('application/json').send(JSON.stringify(message));

/** What users got wrong is told as text; `status` is for the codes that are not 400. */
export function sendUserError(
  reply: FastifyReply,
  error: unknown,
  status: Readonly<Record<string, number>> = {},
) {
  if (!(error instanceof UserError)) throw error;
  const text = error.problems.map(({ message }) => message).join('\n');
  return sendText(reply, status[error.code] ?? 400, text);
}
