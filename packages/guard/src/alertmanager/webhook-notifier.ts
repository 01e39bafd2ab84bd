import { fetch as undiciFetch } from 'undici';
import { type Clock, formatDuration, messageOf } from '../core/index.ts';
import type { WebhookConfig } from './config.ts';
import { goJson } from './go-text.ts';
import type { FailureCategory, Notifier, NotifyResult } from './notifier.ts';
import { redact, splitUserinfo } from './redact.ts';

/** How much of a refusing answer is quoted, characters. */
const MAX_QUOTED = 500;

type Fetch = (
  url: string,
  init: Parameters<typeof undiciFetch>[1],
) => Promise<Response | Awaited<ReturnType<typeof undiciFetch>>>;

/**
 * Posts the payload as JSON. 2xx is delivered; 5xx and everything that kept an answer from coming may be retried;
 * any other status, 429 included, is final for the flush, as in Alertmanager.
 */
export function createWebhookNotifier(
  config: WebhookConfig,
  { clock, fetch = undiciFetch }: { clock: Clock; fetch?: Fetch },
): Notifier {
  const { url, authorization: userinfo } = splitUserinfo(config.url);
  const authorization = config.http.authorization ?? userinfo;
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'slo-guard',
    ...(authorization && { authorization }),
  };
  const secrets = [config.url, url, ...(authorization?.split(' ') ?? [])];
  const clean = (text: string) => redact(text, secrets);

  async function post(body: string, signal: AbortSignal): Promise<NotifyResult> {
    const redirect = config.http.followRedirects ? 'follow' : 'manual';
    const response = await fetch(url, { method: 'POST', headers, body, redirect, signal });
    if (response.ok) {
      await response.body?.cancel();
      return { outcome: 'delivered', reason: `status ${response.status}` };
    }
    const quoted = clean((await response.text()).slice(0, MAX_QUOTED)).trim();
    return {
      outcome: response.status >= 500 && response.status < 600 ? 'retry' : 'failed',
      reason: `unexpected status code ${response.status}${quoted && `: ${quoted}`}`,
      category: categoryOf(response.status),
    };
  }

  return {
    async notify(payload, signal) {
      const limit = new AbortController();
      const timer =
        config.timeout > 0
          ? clock.after(config.timeout, () =>
              limit.abort(
                new Error(`configured webhook timeout reached (${formatDuration(config.timeout)})`),
              ),
            )
          : undefined;
      const either = AbortSignal.any([signal, limit.signal]);
      try {
        return await post(goJson(payload), either);
      } catch (error) {
        return { outcome: 'retry', reason: clean(reasonOf(either.aborted ? either.reason : error)) };
      } finally {
        timer?.cancel();
      }
    },
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
