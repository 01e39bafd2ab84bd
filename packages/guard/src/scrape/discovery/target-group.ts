/** Targets that were found together, with the labels that they share. */
export interface TargetGroup {
  /** Addresses. */
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}
