import { fetch as undiciFetch } from 'undici';
import { type Clock, formatDuration, messageOf, UserError } from '../core/index.ts';
import { configuredHeaders, createConnections, readSecret } from '../http-client/index.ts';
import type { WebhookConfig } from './config.ts';
import { goJson } from './go-text.ts';
import type { FailureCategory, Notifier, NotifyResult } from './notifier.ts';
import { createPayload } from './payload.ts';
import { redact, splitUserinfo } from './redact.ts';

/** How much of a refusing answer is quoted, characters. */
const MAX_QUOTED = 500;

type Fetch = (
  url: string,
  init: Parameters<typeof undiciFetch>[1],
) => Promise<Response | Awaited<ReturnType<typeof undiciFetch>>>;

/**
 * Posts the payload as JSON. 2xx is delivered; 5xx and everything that kept an answer from coming may be retried;
 * any other status, 429 included, is final for the flush, as in Alertmanager. Files are read anew for each attempt.
 */
export function createWebhookNotifier(
  config: WebhookConfig,
  { clock, fetch = undiciFetch }: { clock: Clock; fetch?: Fetch },
): Notifier {
  const { http, timeout } = config;
  // Without certificates of its own it shares the connections of the process.
  const connections = isPlain(http.tls) ? undefined : createConnections(http.tls, undefined);

  async function post(body: string, signal: AbortSignal): Promise<NotifyResult> {
    const { url, headers, clean } = await readTarget(config);
    const redirect = http.followRedirects ? 'follow' : 'manual';
    const dispatcher = await connections?.current();
    try {
      const init = {
        method: 'POST',
        headers,
        body,
        redirect,
        signal,
        ...(dispatcher && { dispatcher }),
      } as const;
      return await resultOf(await fetch(url, init), clean);
    } catch (error) {
      throw new Error(clean(reasonOf(error)));
    }
  }

  return {
    async notify(notification, signal) {
      const limit = new AbortController();
      const expire = () =>
        limit.abort(new Error(`configured webhook timeout reached (${formatDuration(timeout)})`));
      const timer = timeout > 0 ? clock.after(timeout, expire) : undefined;
      const either = AbortSignal.any([signal, limit.signal]);
      try {
        return await post(goJson(createPayload(notification, config.maxAlerts)), either);
      } catch (error) {
        return { outcome: 'retry', reason: reasonOf(either.aborted ? either.reason : error) };
      } finally {
        timer?.cancel();
      }
    },
  };
}

const isPlain = (tls: WebhookConfig['http']['tls']) =>
  Object.entries(tls).every(([name, value]) => name === 'insecureSkipVerify' && value === false);

/** Where to post and with which headers; `clean` takes the secrets among them out of a text. */
async function readTarget({ address, http }: WebhookConfig) {
  const given = await readSecret(address, 'url_file');
  if (!/^https?:$/.test(URL.parse(given)?.protocol ?? ''))
    throw new UserError('bad-url', 'url_file: not an http or https address');
  const { url, authorization: userinfo } = splitUserinfo(given);
  const configured = await configuredHeaders(http);
  const authorization = configured.authorization?.[0] ?? userinfo;
  const headers = [
    ['content-type', 'application/json'],
    ['user-agent', 'slo-guard'],
    ...Object.entries({ ...configured, authorization: authorization ? [authorization] : [] }).flatMap(
      ([name, values]) => values.map(value => [name, value]),
    ),
  ] as Array<[string, string]>;
  const secrets = [given, url, ...(authorization?.split(' ') ?? []), ...Object.values(configured).flat()];
  return { url, headers, clean: (text: string) => redact(text, secrets) };
}

async function resultOf(
  response: Awaited<ReturnType<Fetch>>,
  clean: (text: string) => string,
): Promise<NotifyResult> {
  const { status } = response;
  if (response.ok) {
    await response.body?.cancel();
    return { outcome: 'delivered', reason: `status ${status}` };
  }
  const quoted = clean((await response.text()).slice(0, MAX_QUOTED)).trim();
  return {
    outcome: status >= 500 && status < 600 ? 'retry' : 'failed',
    reason: `unexpected status code ${status}${quoted && `: ${quoted}`}`,
    category: categoryOf(status),
  };
}

/** fetch says only "fetch failed" and hides the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return messageOf(cause) || messageOf(error);
}

/** Alertmanager's GetFailureReasonFromStatusCode. */
function categoryOf(status: number): FailureCategory {
  if (status === 401 || status === 403) return 'authError';
  if (status === 429) return 'rateLimited';
  if (status >= 400 && status < 500) return 'clientError';
  return status >= 500 && status < 600 ? 'serverError' : 'other';
}
