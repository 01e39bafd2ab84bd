import { z } from 'zod';
import { type FaultClock, systemClock } from './clock.ts';
import { chance } from './decide.ts';
import { createLeased } from './lease.ts';

export const FAILMODES = ['none', 'error', 'latency', 'mixed'] as const;
export type Failmode = (typeof FAILMODES)[number];

/** Longest lease: a fault that nobody remembers ends within two hours. */
export const MAX_LEASE_SECONDS = 7200;
export const MAX_LATENCY_MS = 60_000;

/** The whole of a mode. What a request does not give takes the default here. */
export const failmodeSchema = z.strictObject({
  mode: z.enum(FAILMODES),
  error_rate: z.number().min(0).max(1).default(1),
  latency_ms: z.number().min(0).max(MAX_LATENCY_MS).default(300),
  lease_seconds: z.number().positive().max(MAX_LEASE_SECONDS).default(600),
});
export type FailmodeSetting = z.infer<typeof failmodeSchema>;

/** The answer of `/admin/failmode` and `/admin/state`; `ends_at` is RFC 3339, null when no fault is active. */
export interface FailmodeState extends FailmodeSetting {
  readonly ends_at: string | null;
}

/** What to do to one request. */
export interface Injection {
  readonly delayMs: number;
  readonly fail: boolean;
}

const HARMLESS: Injection = { delayMs: 0, fail: false };

export interface FailmodeOptions {
  readonly clock?: FaultClock;
  /** Decides which requests fail; default `slo-guard`. */
  readonly seed?: string;
  readonly onLeaseEnd?: (ended: FailmodeSetting) => void;
}

export interface FailmodeFault {
  state(): FailmodeState;
  set(setting: FailmodeSetting): FailmodeState;
  /** Decides for the next request. */
  next(): Injection;
  stop(): void;
}

const RESTING: FailmodeSetting = failmodeSchema.parse({ mode: 'none' });

const FAILS: Record<Failmode, boolean> = { none: false, error: true, latency: false, mixed: true };
const DELAYS: Record<Failmode, boolean> = { none: false, error: false, latency: true, mixed: true };

/**
 * The seed's failure modes: `error` fails the share `error_rate` of requests, `latency` delays every request by
 * `latency_ms`, `mixed` does both. Each setting starts its own count of requests, so that the same setting after
 * the same seed fails the same ordinals.
 */
export function createFailmodeFault(options: FailmodeOptions = {}): FailmodeFault {
  const seed = options.seed ?? 'slo-guard';
  const leased = createLeased(RESTING, options.clock ?? systemClock, ended => options.onLeaseEnd?.(ended));
  let ordinal = 0;

  const state = (): FailmodeState => {
    const { value, endsAt } = leased.get();
    return { ...value, ends_at: endsAt === null ? null : new Date(endsAt).toISOString() };
  };

  return {
    state,
    set(setting) {
      ordinal = 0;
      leased.set(setting, setting.mode === 'none' ? null : setting.lease_seconds * 1000);
      return state();
    },
    next() {
      const { mode, error_rate, latency_ms } = leased.get().value;
      if (mode === 'none') return HARMLESS;
      const fail = FAILS[mode] && chance(seed, 'failmode', ordinal) < error_rate;
      ordinal += 1;
      return { delayMs: DELAYS[mode] ? latency_ms : 0, fail };
    },
    stop: () => leased.stop(),
  };
}
