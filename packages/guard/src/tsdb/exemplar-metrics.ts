import { Counter, Gauge, type Registry } from 'prom-client';
import { toSeconds } from '../core/index.ts';
import type { ExemplarOutcome } from '../promql/storage.ts';
import type { ExemplarFigures } from './exemplars.ts';

/** Registers what Prometheus tells of its buffer of exemplars (tsdb/exemplar.go); answers what counts the commits. */
export function createExemplarMetrics(
  registry: Registry,
  figures: () => ExemplarFigures,
  capacity: number,
): (outcome: ExemplarOutcome) => void {
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name: `prometheus_tsdb_exemplar_${name}`,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge('exemplars_in_storage', 'Exemplars that are kept.', () => figures().exemplars);
  gauge('series_with_exemplars_in_storage', 'Series of which exemplars are kept.', () => figures().series);
  gauge('last_exemplars_timestamp_seconds', 'Instant of the exemplar that was taken longest ago.', () =>
    toSeconds(figures().oldestTimestamp),
  );
  gauge('max_exemplars', 'How many exemplars are kept.', () => capacity);
  const appended = new Counter({
    name: 'prometheus_tsdb_exemplar_exemplars_appended_total',
    help: 'Exemplars taken.',
    registers,
  });
  const outOfOrder = new Counter({
    name: 'prometheus_tsdb_exemplar_out_of_order_exemplars_total',
    help: 'Exemplars that were out of order when they were committed.',
    registers,
  });
  return outcome => {
    if (outcome === 'appended') appended.inc();
    if (outcome === 'out-of-order') outOfOrder.inc();
  };
}
