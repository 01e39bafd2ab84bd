import type { Milliseconds } from '../../core/index.ts';

/** Alerts in, a clock, notifications out; what README.md beside says in text. Times are since its start. */
export interface Scenario {
  readonly name: string;
  /** Why only the embedded router can play it, on its virtual clock; undefined where a real Alertmanager plays it too. */
  readonly virtualOnly: string | undefined;
  /** When its virtual clock starts. */
  readonly start: Milliseconds;
  /** Fields of the webhook's body that its notifications show besides. */
  readonly shown: readonly string[];
  /** An Alertmanager configuration in which `$NAME` stands for the address of the receiver NAME. */
  readonly config: string;
  /** In order of time. */
  readonly steps: readonly Step[];
  readonly expected: readonly ExpectedNotification[];
  readonly end: Milliseconds;
}

/** Which router an expectation is of; undefined: both. */
export type OnlyOf = 'slo-guard' | 'alertmanager' | undefined;

export interface ExpectedNotification {
  readonly at: Milliseconds;
  /** `page: firing A B (first notification)`. */
  readonly text: string;
  /** Waits between attempts are random in a real Alertmanager: only there the time is not compared. */
  readonly loose: boolean;
  readonly of: OnlyOf;
}

export type Pairs = Readonly<Record<string, string>>;

/** What a receiver answers: a status, nothing ever, a closed connection, or 200 after a while. */
export type Answer = number | 'hang' | 'reset' | { readonly after: Milliseconds };

export type Step = { readonly at: Milliseconds } & (
  | {
      readonly verb: 'fire' | 'resolve';
      readonly labels: Pairs;
      readonly annotations: Pairs;
      readonly from: Milliseconds | undefined;
      readonly until: Milliseconds | 'unsaid' | undefined;
    }
  | {
      readonly verb: 'silence';
      readonly name: string;
      readonly matchers: readonly string[];
      readonly from: Milliseconds | undefined;
      readonly until: Milliseconds;
    }
  | { readonly verb: 'expire'; readonly name: string }
  | { readonly verb: 'receiver'; readonly name: string; readonly answers: readonly Answer[] }
  /** Away for so long on a virtual clock. */
  | { readonly verb: 'restart'; readonly away: Milliseconds }
  | { readonly verb: 'reload' | 'end' }
  | { readonly verb: 'shows' | 'because'; readonly alert: string; readonly text: string; readonly of: OnlyOf }
);
