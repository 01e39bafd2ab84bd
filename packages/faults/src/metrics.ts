import { Counter, type OpenMetricsContentType, type Registry } from 'prom-client';

/** Counts injections by route and kind. */
export interface InjectionCounter {
  /** Makes the series of a route exist at 0, so that the first injection is an increase. */
  prepare(route: string): void;
  count(route: string, kind: 'error' | 'latency'): void;
}

/** `fault_injections_total{endpoint,kind}` in the given registry. */
export function createInjectionCounter(
  registry: Registry | Registry<OpenMetricsContentType>,
): InjectionCounter {
  const counter = new Counter({
    name: 'fault_injections_total',
    help: 'Requests that were failed or delayed on purpose.',
    labelNames: ['endpoint', 'kind'],
    registers: [registry],
  });
  return {
    prepare(endpoint) {
      counter.inc({ endpoint, kind: 'error' }, 0);
      counter.inc({ endpoint, kind: 'latency' }, 0);
    },
    count: (endpoint, kind) => counter.inc({ endpoint, kind }),
  };
}
