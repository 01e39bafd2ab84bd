import type { ErrorAnswer } from '../../../guard/src/server/console-types.ts';

/** An answer that takes longer than this counts as none: a hanging guard must show as lost, not as calm. */
const TIMEOUT_MS = 5000;

/** Why a request gave no data. `code` is the API's own, or `unreachable` when nothing intelligible answered. */
export class ApiFailure extends Error {
  readonly code: string;
  readonly status: number | null;

  constructor(code: string, message: string, status: number | null) {
    super(message);
    this.name = 'ApiFailure';
    this.code = code;
    this.status = status;
  }
}

/** Gets JSON from the guard. Throws `ApiFailure` and nothing else, except when `signal` aborts. */
export async function fetchJson<Answer>(path: string, signal: AbortSignal): Promise<Answer> {
  const response = await send(path, signal);
  const body = await readJson(response);
  if (response.ok && body !== undefined) return body as Answer;
  if (isErrorAnswer(body)) throw new ApiFailure(body.error.code, body.error.message, response.status);
  throw new ApiFailure('unreachable', `${path} answered ${response.status} without JSON`, response.status);
}

async function send(path: string, signal: AbortSignal): Promise<Response> {
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    return await fetch(path, { signal: limited, headers: { accept: 'application/json' } });
  } catch (error) {
    if (signal.aborted) throw error;
    const slow = error instanceof DOMException && error.name === 'TimeoutError';
    const cause = slow ? `did not answer within ${TIMEOUT_MS / 1000} s` : 'cannot be reached';
    throw new ApiFailure('unreachable', `The guard ${cause}`, null);
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function isErrorAnswer(body: unknown): body is ErrorAnswer {
  const error = (body as Partial<ErrorAnswer> | undefined)?.error;
  return typeof error?.code === 'string' && typeof error.message === 'string';
}
