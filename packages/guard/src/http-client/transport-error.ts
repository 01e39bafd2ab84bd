import { messageOf, UserError } from '../core/index.ts';
import type { Redact } from './redact.ts';
import { withoutUserinfo } from './userinfo.ts';

/** What the platform's codes say, in words; other failures speak for themselves. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the other side',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name cannot be resolved at present',
  ETIMEDOUT: 'no answer to the connection attempt',
  UND_ERR_CONNECT_TIMEOUT: 'no answer to the connection attempt',
};

interface Failure extends Error {
  readonly code?: string;
  readonly socket?: { readonly bytesRead?: number };
  readonly errors?: readonly Failure[];
}

/** UserError `unreachable`: there was no answer from an address. */
export class UnreachableError extends UserError {
  /** Why, without the address. */
  readonly reason: string;

  constructor(address: string, reason: string) {
    super('unreachable', `no answer from ${address}: ${reason}`);
    this.reason = reason;
  }
}

/** There was no answer from `url`, and why; both without secrets. */
export function transportError(error: unknown, url: string, redact: Redact): UnreachableError {
  const failure = innermost(error as Failure);
  const code = failure.code ?? '';
  const reason = Object.hasOwn(REASONS, code) ? `${REASONS[code]} (${code})` : messageOf(failure);
  return new UnreachableError(redact(withoutUserinfo(url).url), redact(reason));
}

/** Why there is no answer, for a sentence that names the address itself. */
export const whyUnanswered = (error: unknown): string =>
  error instanceof UnreachableError ? error.reason : messageOf(error);

/** A host with several addresses fails with one error for each; they say the same. */
const innermost = (error: Failure): Failure => error.errors?.[0] ?? error;

/**
 * Whether a kept connection turned out to be closed by the other side before anything was answered. A GET may then be
 * sent again, as Go's transport does.
 */
export function isStaleConnection(error: unknown): boolean {
  const { code, socket } = error as Failure;
  if (code === 'ECONNRESET' || code === 'EPIPE') return true;
  return code === 'UND_ERR_SOCKET' && (socket?.bytesRead ?? 0) > 0;
}
