/** What a running Prometheus tells about the series that objectives read. Every question has a bounded answer. */
export interface LiveMetrics {
  /** How many series a selector matches now; 0 for none. */
  count(selector: string): Promise<number>;
  /** The one number that an expression gives; undefined when it gives none, NaN included. */
  number(expr: string): Promise<number | undefined>;
  /** Values of a label among the series that a selector matches, sorted; no more than a few dozen of them. */
  labelValues(label: string, selector: string): Promise<readonly string[]>;
}
