import { type Milliseconds, UserError } from '../core/index.ts';

/** Bounds of one export request. Each is named in the error that it causes. */
export interface OtlpLimits {
  /** Bytes of a request's body, before and after decompression. */
  readonly maxRequestBytes: number;
  /** Spans of one request. */
  readonly maxSpansPerRequest: number;
  /** Data points of one request. */
  readonly maxPointsPerRequest: number;
  /** Bounds and counts of buckets, and quantiles, of one request, together. */
  readonly maxBucketsPerRequest: number;
  /** Attributes, events, links, metrics, exemplars and elements of arrays of one request, together: what bounds memory. */
  readonly maxItemsPerRequest: number;
  /** Attributes of one span, resource, scope, event or link. */
  readonly maxAttributes: number;
  /** Characters of an attribute's value, nested ones summed, and of a span's or event's name. */
  readonly maxTextLength: number;
  /** Characters of an attribute's key. */
  readonly maxKeyLength: number;
  /** Nesting of arrays and maps in a value. */
  readonly maxDepth: number;
}

/** 64 MiB is what OTLP receivers are asked to stay within (OTLP specification, security considerations). */
export const DEFAULT_OTLP_LIMITS: OtlpLimits = {
  maxRequestBytes: 64 * 1024 * 1024,
  maxSpansPerRequest: 50_000,
  maxPointsPerRequest: 200_000,
  maxBucketsPerRequest: 4_000_000,
  maxItemsPerRequest: 500_000,
  maxAttributes: 1024,
  maxTextLength: 65_536,
  maxKeyLength: 1024,
  maxDepth: 32,
};

/** The request is not what OTLP says it must be; sending it again cannot help. */
export const MALFORMED = 'otlp-malformed';
/** The request is beyond a limit; sending it again as it is cannot help. */
export const TOO_LARGE = 'otlp-too-large';

export const malformed = (message: string): UserError =>
  new UserError(MALFORMED, message, { remedy: 'send what opentelemetry-proto 1.x defines for this path' });

/** Names the limit, its value and, where known, what was sent. */
export function tooLarge(limit: keyof OtlpLimits, allowed: number, what: string): UserError {
  return new UserError(TOO_LARGE, `${what} (limit ${limit} is ${allowed})`, {
    remedy: 'send smaller batches, or raise the limit',
  });
}

/** Counts what a request holds while it is read, so that a small body cannot become a huge object. */
export interface Budget {
  readonly limits: OtlpLimits;
  spans: number;
  points: number;
  buckets: number;
  items: number;
}

export const createBudget = (limits: OtlpLimits): Budget => ({
  limits,
  spans: 0,
  points: 0,
  buckets: 0,
  items: 0,
});

export function takeSpan(budget: Budget): void {
  const allowed = budget.limits.maxSpansPerRequest;
  if (++budget.spans > allowed)
    throw tooLarge('maxSpansPerRequest', allowed, `request has more than ${allowed} spans`);
}

export function takePoint(budget: Budget): void {
  const allowed = budget.limits.maxPointsPerRequest;
  if (++budget.points > allowed)
    throw tooLarge('maxPointsPerRequest', allowed, `request has more than ${allowed} data points`);
}

export function takeBucket(budget: Budget): void {
  const allowed = budget.limits.maxBucketsPerRequest;
  if (++budget.buckets > allowed)
    throw tooLarge('maxBucketsPerRequest', allowed, `request has more than ${allowed} bounds and buckets`);
}

export function takeItem(budget: Budget): void {
  const allowed = budget.limits.maxItemsPerRequest;
  if (++budget.items > allowed)
    throw tooLarge(
      'maxItemsPerRequest',
      allowed,
      `request has more than ${allowed} attributes, events, links, metrics, exemplars and array elements`,
    );
}

/** Refuses a body that is too large before it is read. */
export function checkRequestSize(bytes: number, limits: OtlpLimits): void {
  if (bytes > limits.maxRequestBytes)
    throw tooLarge('maxRequestBytes', limits.maxRequestBytes, `request has ${bytes} bytes`);
}

/**
 * Spans cannot be taken now, and the sender should try again: `overloaded` when the queue is full, `unavailable`
 * when they cannot be stored (stopping, disk full, worker lost).
 */
export class IngestRefused extends Error {
  override readonly name = 'IngestRefused';
  readonly reason: 'overloaded' | 'unavailable';
  /** When to try again at the earliest. */
  readonly retryAfter: Milliseconds;

  constructor(reason: 'overloaded' | 'unavailable', message: string, retryAfter: Milliseconds) {
    super(message);
    this.reason = reason;
    this.retryAfter = retryAfter;
  }
}
