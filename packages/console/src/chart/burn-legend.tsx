import { useComputedColorScheme } from '@mantine/core';
import type { BurnAnswer, BurnRate, SloSummary } from '../../../guard/src/server/console-types.ts';
import { formatBurn } from '../format/numbers.ts';
import { formatClock } from '../format/time.ts';
import { exceededSeverity, type LineStyle, lineStyle } from './windows.ts';

interface BurnLegendProps {
  slo: SloSummary;
  /** The windows that are drawn. */
  shown: readonly string[];
  burn: BurnAnswer | undefined;
  /** Place of the timestamp under the pointer; null shows the present. */
  point: number | null;
  stale: boolean;
}

/** The burn rate of each window, now or at the pointer, beside a sample of its line when it is drawn. */
export function BurnLegend({ slo, shown, burn, point, stale }: BurnLegendProps) {
  const scheme = useComputedColorScheme('light');
  const windows = slo.burnRates.map(rate => rate.window);
  const at = point === null ? undefined : burn?.timestamps[point];
  const now = stale ? 'burn rate when last seen' : 'burn rate now';
  return (
    <div className="legend">
      <dl data-testid="burn-now">
        {slo.burnRates.map(rate => {
          const value = at === undefined ? rate.value : pastValue(burn, rate, point);
          const style = lineStyle(windows, rate.window);
          return (
            <div key={rate.window} data-window={rate.window}>
              <dt>
                {shown.includes(rate.window) && <LineSample style={style} scheme={scheme} />}
                {rate.window}
              </dt>
              <dd data-exceeds={exceededSeverity(slo.thresholds, rate.window, value ?? null)}>
                {value === undefined ? '' : formatBurn(value)}
              </dd>
            </div>
          );
        })}
      </dl>
      <span className="dim legend-when">{at === undefined ? now : `at ${formatClock(at)}`}</span>
    </div>
  );
}

/** Undefined for a window that is not drawn: its past was not asked for, which is not the same as absent. */
function pastValue(burn: BurnAnswer | undefined, rate: BurnRate, point: number | null) {
  const series = burn?.series.find(candidate => candidate.window === rate.window);
  return point === null ? undefined : series?.values[point];
}

function LineSample({ style, scheme }: { style: LineStyle; scheme: 'light' | 'dark' }) {
  return (
    <svg width="18" height="8" aria-hidden="true">
      <line
        x1="0"
        x2="18"
        y1="4"
        y2="4"
        stroke={style[scheme]}
        strokeWidth="2.5"
        strokeDasharray={style.dash.join(' ')}
      />
    </svg>
  );
}
