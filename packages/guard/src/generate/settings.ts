import { type Milliseconds, milliseconds } from '../core/index.ts';

/** What is not the SLO's to say: how often rules run, and where links lead. */
export interface RuleSettings {
  /** Between evaluations of burn rates and alerts. */
  readonly interval: Milliseconds;
  /** Between evaluations of what is summed over the SLO's whole window. */
  readonly periodInterval: Milliseconds;
  /**
   * Where runbooks are: a page with a heading for each alert, or, when it ends with a slash, a folder with a page for
   * each SLO as the target `docs` writes them. Undefined: alerts lead to none but those that their SLO links.
   */
  readonly runbookUrl: string | undefined;
  /** The console, or any page that shows an SLO at `/slo/SERVICE/NAME`; without a slash at its end. */
  readonly dashboardUrl: string | undefined;
  /** A trace search; `{service}` in it stands for the service. */
  readonly tracesUrl: string | undefined;
}

export const DEFAULT_SETTINGS: RuleSettings = {
  interval: milliseconds(30_000),
  // A real Prometheus reads every sample of the window each time.
  periodInterval: milliseconds(60_000),
  runbookUrl: undefined,
  dashboardUrl: undefined,
  tracesUrl: undefined,
};
