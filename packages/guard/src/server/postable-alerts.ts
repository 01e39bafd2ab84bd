import { z } from 'zod';
import type { PostableAlert } from '../alertmanager/index.ts';
import type { Milliseconds } from '../core/index.ts';
import { readBody, stringMap, timeField, ZERO_TIME } from './open-api-body.ts';
import { readOpenApiTime } from './open-api-time.ts';

const optionalTime = timeField.nullish().transform(at => (at == null || at === ZERO_TIME ? undefined : at));

/** What Go's url.ParseRequestURI takes: an absolute address or a path. */
const isUri = (text: string) => text === '' || text.startsWith('/') || URL.canParse(text);

const uri = z.string().refine(isUri, {
  error: issue => `must be of type uri: ${JSON.stringify(issue.input)}`,
  params: { form: true },
});

/** `postableAlerts` of the API's document; unknown fields are ignored there. */
const postableAlerts = z.array(
  z.object({
    annotations: stringMap.nullish(),
    endsAt: optionalTime,
    startsAt: optionalTime,
    generatorURL: uri.nullish(),
    labels: stringMap,
  }),
);

/**
 * Reads the body of `POST /api/v2/alerts`.
 *
 * @throws OpenApiError
 */
export function readPostableAlerts(body: unknown): PostableAlert[] {
  return (
    plainAlerts(body) ??
    readBody('alerts', postableAlerts, body === null ? [] : body).map(({ generatorURL, ...alert }) => ({
      labels: alert.labels,
      annotations: alert.annotations ?? {},
      startsAt: alert.startsAt,
      endsAt: alert.endsAt,
      generatorUrl: generatorURL ?? '',
    }))
  );
}

/**
 * The alerts where each is as senders write them; undefined where the schema must look, to convert or to refuse. It costs
 * a fifth of what the schema does, for thousands of alerts a second.
 */
function plainAlerts(body: unknown): PostableAlert[] | undefined {
  if (!Array.isArray(body)) return undefined;
  const accepted = createMemory();
  const alerts: PostableAlert[] = [];
  for (const each of body) {
    const alert = plainAlert(each, accepted);
    if (alert === undefined) return undefined;
    alerts.push(alert);
  }
  return alerts;
}

/** Texts that were accepted last: the alerts of one batch mostly share them. */
const createMemory = () => ({
  startsAt: { text: '', at: 0 },
  endsAt: { text: '', at: 0 },
  generatorUrl: '',
});

type Memory = ReturnType<typeof createMemory>;

function plainAlert(value: unknown, accepted: Memory): PostableAlert | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const {
    labels,
    annotations = NONE,
    startsAt,
    endsAt,
    generatorURL = '',
  } = value as Record<string, unknown>;
  if (!areTexts(labels) || !areTexts(annotations)) return undefined;
  if (typeof generatorURL !== 'string' || typeof startsAt !== 'string' || typeof endsAt !== 'string')
    return undefined;
  if (generatorURL !== accepted.generatorUrl) {
    if (!isUri(generatorURL)) return undefined;
    accepted.generatorUrl = generatorURL;
  }
  const start = plainTime(startsAt, accepted.startsAt);
  const end = plainTime(endsAt, accepted.endsAt);
  if (start === undefined || end === undefined) return undefined;
  return { labels, annotations, startsAt: start, endsAt: end, generatorUrl: accepted.generatorUrl };
}

const NONE: Readonly<Record<string, string>> = {};

function areTexts(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const name of Object.keys(value)) {
    const text: unknown = (value as Record<string, unknown>)[name];
    if (typeof text !== 'string' || !text.isWellFormed() || !name.isWellFormed()) return false;
  }
  return true;
}

function plainTime(text: string, latest: { text: string; at: Milliseconds }): Milliseconds | undefined {
  if (text !== latest.text) {
    const at = readOpenApiTime(text);
    if (at === undefined || at === ZERO_TIME) return undefined;
    latest.text = text;
    latest.at = at;
  }
  return latest.at;
}
