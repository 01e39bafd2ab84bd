import { useComputedColorScheme } from '@mantine/core';
import type { BurnAnswer, BurnRate } from '../../../guard/src/server/console-types.ts';
import { formatBurn } from '../format/numbers.ts';
import { formatClock } from '../format/time.ts';
import { lineStyle } from './windows.ts';

interface BurnLegendProps {
  rates: readonly BurnRate[];
  /** The windows that are drawn. */
  shown: readonly string[];
  burn: BurnAnswer | undefined;
  /** Place of the timestamp under the pointer; null shows the present. */
  point: number | null;
}

/** The burn rate of each window, now or at the pointer, beside a sample of its line when it is drawn. */
export function BurnLegend({ rates, shown, burn, point }: BurnLegendProps) {
  const scheme = useComputedColorScheme('light');
  const windows = rates.map(rate => rate.window);
  const at = point === null ? undefined : burn?.timestamps[point];
  return (
    <div className="legend">
      <dl data-testid="burn-now">
        {rates.map(rate => {
          const series = burn?.series.find(candidate => candidate.window === rate.window);
          const then = point === null ? undefined : series?.values[point];
          const style = lineStyle(windows, rate.window);
          return (
            <div key={rate.window} data-window={rate.window}>
              <dt>
                {shown.includes(rate.window) && (
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
                )}
                {rate.window}
              </dt>
              {/* A window that is not drawn has no known past; an absent figure there would claim a gap. */}
              <dd>
                {at === undefined ? formatBurn(rate.value) : then === undefined ? '' : formatBurn(then)}
              </dd>
            </div>
          );
        })}
      </dl>
      <span className="dim legend-when">{at === undefined ? 'burn rate now' : `at ${formatClock(at)}`}</span>
    </div>
  );
}
