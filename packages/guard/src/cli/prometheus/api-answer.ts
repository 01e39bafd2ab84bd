import { messageOf, UserError } from '../../core/index.ts';

/** What Prometheus's API v1 answered to a request that it carried out. */
export interface ApiAnswer {
  /** The body, as it came. */
  readonly text: string;
  readonly data: unknown;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

const SHOWN_CHARACTERS = 200;

/** Reads an answer of `/api/v1`. @throws UserError as `PrometheusClient.get` tells */
export function answerOf(url: string, { status, text }: { status: number; text: string }): ApiAnswer {
  if (status === 401 || status === 403) throw denied(url, status);
  const body = parseObject(text);
  if (body?.status === 'success')
    return { text, data: body.data, warnings: texts(body.warnings), infos: texts(body.infos) };
  if (body?.status === 'error' && typeof body.error === 'string') throw apiError(body);
  throw new UserError(
    'prometheus-bad-answer',
    `${url} answered ${status}, and not as Prometheus does: ${JSON.stringify(text.slice(0, SHOWN_CHARACTERS).trim())}`,
    { remedy: 'give the address under which /api/v1/query answers; behind a proxy it may have a path' },
  );
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];

const apiError = ({ errorType, error }: Record<string, unknown>): UserError =>
  new UserError(
    `prometheus-${typeof errorType === 'string' ? errorType.replaceAll('_', '-') : 'error'}`,
    String(error),
  );

const denied = (url: string, status: number): UserError =>
  new UserError('prometheus-denied', `${url} answered ${status}: access is denied`, {
    remedy: 'give --user, --header, or the variable SLO_GUARD_BEARER_TOKEN',
  });

/** There was no answer, or not the whole of it. */
export function unreachable(url: string, error: unknown): UserError {
  // The failures of several addresses come joined, in an error without a message of its own.
  const causes = error instanceof AggregateError ? error.errors : [error];
  const isUntrusted = causes.some(({ code }) => /CERT|TLS|SSL/.test(String(code)));
  return new UserError('prometheus-unreachable', `${url}: ${causes.map(messageOf).join('; ')}`, {
    remedy: isUntrusted
      ? 'give the certificate of its authority with --cacert'
      : 'start the guard (`slo-guard up` or `serve`), or give the address of a Prometheus with --url',
  });
}
