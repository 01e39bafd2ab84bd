import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type Alertmanager,
  type PostableSilence,
  parseMatcher,
  type SilenceMatcher,
  type StoredSilence,
} from '../alertmanager/index.ts';
import type { Clock, Matcher } from '../core/index.ts';
import { readSilenceFilter, sendText, sendUserError } from './alertmanager-filters.ts';
import { readBody, stringMap, textField, timeField, ZERO_TIME } from './open-api-body.ts';
import { OpenApiError } from './open-api-error.ts';

/** `postableSilence` of the API's document; fields in the order in which go-openapi checks them. */
const postableSilence = z.object({
  id: z.string().nullish(),
  annotations: stringMap.nullish(),
  comment: textField,
  createdBy: textField,
  endsAt: timeField,
  matchers: z
    .array(
      z.object({
        isEqual: z.boolean().nullish(),
        isRegex: z.boolean(),
        name: textField,
        value: textField,
      }),
    )
    .min(1, 'should have at least 1 items'),
  startsAt: timeField,
});
// Alertmanager takes null for an object without fields, which then lacks the first.
const silenceBody = z.preprocess(value => (value === null ? {} : value), postableSilence);

/** google/uuid reads it with and without dashes. */
const UUID = /^[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}$/i;
const STATUS = { 'silence-not-found': 404, 'silence-not-durable': 500 };

/** `/silences` and `/silence/{id}` of Alertmanager's API v2. */
export function registerSilences(
  app: FastifyInstance,
  { silences }: Alertmanager,
  clock: Pick<Clock, 'now'>,
): void {
  const viewOf = (silence: StoredSilence) => silenceView(silence, silences.stateOf(silence));

  app.get('/silences', async (request, reply) => {
    try {
      const { filter, ...states } = readSilenceFilter(request);
      const matchers = filter.map(parseMatcher);
      return silences
        .list()
        .filter(each => states[silences.stateOf(each)] && hasMatchers(each, matchers))
        .map(viewOf);
    } catch (error) {
      return sendUserError(reply, error);
    }
  });

  app.post('/silences', async (request, reply) => {
    const posted = postedSilence(readBody('silence', silenceBody, request.body), clock.now());
    const refused = refusalOf(posted, clock.now());
    if (refused) return sendText(reply, 400, `Failed to create silence: ${refused}`);
    try {
      return { silenceID: silences.set(posted) };
    } catch (error) {
      return sendUserError(reply, error, STATUS);
    }
  });

  app.get('/silence/:id', async (request, reply) => {
    const silence = silences.get(idOf(request));
    return silence ? viewOf(silence) : reply.code(404).send();
  });

  app.delete('/silence/:id', async (request, reply) => {
    const id = idOf(request);
    if (!silences.get(id)) return reply.code(404).send();
    try {
      silences.expire(id);
      return await reply.code(200).send();
    } catch (error) {
      return sendUserError(reply, error, STATUS);
    }
  });
}

function idOf(request: FastifyRequest): string {
  const { id } = request.params as { id: string };
  if (UUID.test(id)) return id;
  throw new OpenApiError(422, `silenceID in path must be of type uuid: ${JSON.stringify(id)}`, 601);
}

function postedSilence(body: z.output<typeof postableSilence>, now: number): PostableSilence {
  const { id, annotations, matchers, startsAt, endsAt, comment, createdBy } = body;
  return {
    ...(id && { id }),
    ...(annotations && Object.keys(annotations).length > 0 && { annotations }),
    // In this order, by which matchers are compared when a silence is changed.
    matchers: matchers.map(
      ({ name, value, isRegex, isEqual }): SilenceMatcher => ({
        name,
        value,
        isRegex,
        isEqual: isEqual ?? true,
      }),
    ),
    startsAt: startsAt <= ZERO_TIME ? Math.min(now, endsAt - 1) : startsAt,
    endsAt,
    comment,
    createdBy,
  };
}

function refusalOf({ startsAt, endsAt }: PostableSilence, now: number): string | undefined {
  if (startsAt >= endsAt) return 'start time must be before end time';
  return endsAt < now ? "end time can't be in the past" : undefined;
}

/** Whether a silence has every one of these, letter by letter. */
const hasMatchers = ({ matchers }: StoredSilence, wanted: readonly Matcher[]) =>
  wanted.every(({ name, operator, value }) =>
    matchers.some(each => each.name === name && each.value === value && operatorOf(each) === operator),
  );

const operatorOf = ({ isEqual, isRegex }: SilenceMatcher): Matcher['operator'] => {
  if (isEqual) return isRegex ? '=~' : '=';
  return isRegex ? '!~' : '!=';
};

/** `gettableSilence`. */
function silenceView({ startsAt, endsAt, updatedAt, ...silence }: StoredSilence, state: string) {
  const text = (at: number) => new Date(at).toISOString();
  return {
    ...silence,
    startsAt: text(startsAt),
    endsAt: text(endsAt),
    updatedAt: text(updatedAt),
    status: { state },
  };
}
