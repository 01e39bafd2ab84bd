import { Counter, type Registry } from 'prom-client';
import type { WriteOutcome } from './outcome.ts';
import type { Tally } from './tally.ts';
import type { WriteVersion } from './transaction.ts';

export interface WriteMetrics {
  onRequest(version: WriteVersion, outcome: WriteOutcome, tally: Tally): void;
}

const OUTCOMES: ReadonlyArray<WriteOutcome['type']> = ['written', 'partial', 'refused', 'corrupt', 'failed'];

/** Names that begin with `prometheus_api_` mean what they mean in Prometheus 3. */
export function createWriteMetrics(registry: Registry): WriteMetrics {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const requests = new Counter({
    name: 'slo_guard_remote_write_requests_total',
    help: 'Remote write requests, by version and by what became of them.',
    labelNames: ['version', 'outcome'],
    registers,
  });
  for (const version of [1, 2]) for (const outcome of OUTCOMES) requests.inc({ version, outcome }, 0);
  const invalidLabels = counter(
    'prometheus_api_remote_write_invalid_labels_samples_total',
    'Received samples that were refused for their labels.',
  );
  const withoutMetadata = counter(
    'prometheus_api_remote_write_without_metadata_appended_samples_total',
    'Samples of version 2 that were stored and whose series said neither type nor help nor unit.',
  );
  const histograms = counter(
    'slo_guard_remote_write_histograms_refused_total',
    'Native histograms that were refused.',
  );
  const exemplars = counter(
    'slo_guard_remote_write_exemplars_dropped_total',
    'Exemplars that were out of order, out of bounds, too long or of no series.',
  );

  return {
    onRequest(version, outcome, tally) {
      requests.inc({ version, outcome: outcome.type });
      invalidLabels.inc(tally.invalidLabels);
      histograms.inc(tally.histogramsRefused);
      exemplars.inc(tally.exemplarsDropped);
      if (outcome.type === 'written' || outcome.type === 'partial')
        withoutMetadata.inc(tally.withoutMetadata);
    },
  };
}
