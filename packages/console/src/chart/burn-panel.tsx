import { Skeleton } from '@mantine/core';
import type { BurnAnswer, SloSummary } from '../../../guard/src/server/console-types.ts';
import type { Polled } from '../api/polling.ts';
import { SectionFailure } from '../components/section.tsx';
import { formatBurn } from '../format/numbers.ts';
import { BurnChart } from './burn-chart.tsx';

interface BurnPanelProps {
  slo: SloSummary;
  source: Polled<BurnAnswer>;
  minutes: number;
  height: number;
  onPoint: (index: number | null) => void;
}

/** The burn chart of an SLO, or what stands in its place while it is awaited or cannot be read. */
export function BurnPanel({ slo, source, minutes, height, onPoint }: BurnPanelProps) {
  return (
    <div className={source.stale ? 'stale' : undefined}>
      <SectionFailure source={source} />
      {source.data ? (
        <BurnChart
          burn={source.data}
          windows={slo.burnRates.map(rate => rate.window)}
          thresholds={slo.thresholds}
          height={height}
          description={describe(slo, minutes)}
          onPoint={onPoint}
        />
      ) : (
        !source.failure && <Skeleton height={height} radius="sm" />
      )}
    </div>
  );
}

function describe(slo: SloSummary, minutes: number): string {
  const rates = slo.burnRates.map(
    rate => `${rate.window} ${rate.value === null ? 'no data' : formatBurn(rate.value)}`,
  );
  const limits = slo.thresholds.map(
    threshold => `${threshold.alertname} above ${formatBurn(threshold.value)}`,
  );
  return `Burn rate of ${slo.service} ${slo.slo} over the last ${minutes} minutes. Now: ${rates.join(', ')}. Alerts: ${limits.join(', ')}.`;
}
