/** What is expected of the heartbeat, and who is told when it stops. Spans of time in milliseconds. */
export interface DeadManSettings {
  readonly interval: number;
  /** Without a heartbeat for this long, paging counts as broken. */
  readonly lateAfter: number;
  /** Told of a heartbeat that is late, and of its return; undefined where nobody is. May hold a secret: never shown. */
  readonly webhookUrl?: URL;
}

export const DEFAULT_SETTINGS: DeadManSettings = { interval: 30_000, lateAfter: 120_000 };

/** A timer cannot wait longer than 2^31 milliseconds; nobody should wait so long for a page either. */
const MAX_SECONDS = 7 * 24 * 3600;

/**
 * From `DEADMAN_INTERVAL_SECONDS`, `DEADMAN_LATE_AFTER_SECONDS` and `DEADMAN_WEBHOOK_URL`.
 *
 * @throws Error that names the variable; the URL itself is left out
 */
export function deadManSettingsFromEnv(env: Readonly<Record<string, string | undefined>>): DeadManSettings {
  const interval = milliseconds('DEADMAN_INTERVAL_SECONDS', env, DEFAULT_SETTINGS.interval);
  const lateAfter = milliseconds(
    'DEADMAN_LATE_AFTER_SECONDS',
    env,
    Math.min(4 * interval, MAX_SECONDS * 1000),
  );
  if (lateAfter <= interval)
    throw new Error('DEADMAN_LATE_AFTER_SECONDS must be more than DEADMAN_INTERVAL_SECONDS');
  const webhookUrl = urlOf('DEADMAN_WEBHOOK_URL', env.DEADMAN_WEBHOOK_URL);
  return { interval, lateAfter, ...(webhookUrl && { webhookUrl }) };
}

function milliseconds(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  fallback: number,
): number {
  const text = env[name];
  if (!text) return fallback;
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= MAX_SECONDS))
    throw new Error(`${name}=${text} must be a number of seconds above 0 and at most ${MAX_SECONDS}`);
  return seconds * 1000;
}

function urlOf(name: string, text: string | undefined): URL | undefined {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new Error(`${name} must be an http or https URL`);
  if (url.username !== '' || url.password !== '')
    throw new Error(`${name} must not hold a user or a password`);
  return url;
}
