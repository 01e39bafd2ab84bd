/** Pyrra's own flags of `pyrra generate`. */
export interface PyrraOptions {
  /** `--generic-rules`: the series that a dashboard of many objectives needs. */
  readonly genericRules: boolean;
  /** `--operator-rule`: resources of the Prometheus operator rather than rule files. */
  readonly operatorRule: boolean;
  /** `--enable-prometheus-3-migration`. */
  readonly prometheus3Migration: boolean;
  /** `--external-url`: of Pyrra's UI, for the annotation `pyrra_url`. */
  readonly externalUrl: string | undefined;
}
