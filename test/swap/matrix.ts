/** Which program does each part's work. */
export interface Swap {
  readonly name: string;
  readonly metrics: 'slo-guard' | 'Prometheus';
  readonly routing: 'slo-guard' | 'Alertmanager';
  /** `none`: the services send to the trace store themselves. */
  readonly collecting: 'slo-guard' | 'Collector' | 'none';
  /** `both`: the Collector sends every span twice; the guard's store is then the second one. */
  readonly traces: 'slo-guard' | 'Jaeger' | 'both';
}

const EMBEDDED: Omit<Swap, 'name'> = {
  metrics: 'slo-guard',
  routing: 'slo-guard',
  collecting: 'slo-guard',
  traces: 'slo-guard',
};

/** Each part replaced by the real one, and all of them. */
export const SWAPS: readonly Swap[] = [
  { name: 'all embedded', ...EMBEDDED },
  { name: 'real Prometheus, embedded router', ...EMBEDDED, metrics: 'Prometheus' },
  { name: 'embedded rules, real Alertmanager', ...EMBEDDED, routing: 'Alertmanager' },
  { name: 'real Collector in front', ...EMBEDDED, collecting: 'Collector' },
  { name: 'real Jaeger behind', ...EMBEDDED, collecting: 'none', traces: 'Jaeger' },
  {
    name: 'all real',
    metrics: 'Prometheus',
    routing: 'Alertmanager',
    collecting: 'Collector',
    traces: 'Jaeger',
  },
];
