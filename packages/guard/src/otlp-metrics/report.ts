import type { PointProblem } from './append-points.ts';
import type { Warning } from './warnings.ts';

/** What became of a request's points while they were translated. */
export class TranslationReport {
  /** Points that are stored. */
  accepted = 0;
  /** Points that are not, because of their own fault or the store's answer. */
  rejected = 0;
  /** Points that cannot be stored here whatever they hold: exponential histograms. */
  unsupported = 0;
  /** Whether a sample was refused by the store. */
  hasRefusedSample = false;
  readonly warnings = new Map<Warning, number>();
  readonly #messages: string[] = [];
  #unsupported = '';

  reject(points: number, { message, isSample }: PointProblem): void {
    this.rejected += points;
    this.hasRefusedSample ||= isSample;
    if (this.#messages.length < MAX_MESSAGES) this.#messages.push(message);
  }

  rejectUnsupported(points: number, message: string): void {
    this.unsupported += points;
    this.#unsupported ||= message;
  }

  /** Counted once a request and kind of warning, or once a point, as Prometheus counts them. */
  warn(warning: Warning): void {
    this.warnings.set(warning, (this.warnings.get(warning) ?? 0) + 1);
  }

  get hasProblem(): boolean {
    return this.#messages.length > 0;
  }

  /** The problems of a request that is refused because of them, a line each. */
  problems(): string {
    return this.#messages.join('\n');
  }

  /** Why points are missing: the first reason. */
  firstReason(): string {
    return this.#messages[0] ?? this.#unsupported;
  }
}

const MAX_MESSAGES = 100;
