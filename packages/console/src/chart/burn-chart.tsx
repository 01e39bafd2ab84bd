import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { BurnAnswer, BurnThreshold } from '../../../guard/src/server/console-types.ts';
import { burnChartOptions } from './burn-chart-options.ts';
import { burnCeiling } from './burn-scale.ts';
import { drawThresholds } from './threshold-lines.ts';
import { appliesTo } from './windows.ts';

interface BurnChartProps {
  burn: BurnAnswer;
  /** Every window of the SLO: a window keeps its line style whichever others are drawn. */
  windows: readonly string[];
  thresholds: readonly BurnThreshold[];
  height: number;
  /** What the picture shows, in words, for those who do not see it. */
  description: string;
  /** Place of the timestamp under the pointer, or null. */
  onPoint: (index: number | null) => void;
}

/** Burn rates over time with the alerts' thresholds, on a scale that shows idling and outage alike. */
export function BurnChart({ burn, windows, thresholds, height, description, onPoint }: BurnChartProps) {
  const scheme = useComputedColorScheme('light');
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const latest = useRef({ burn, thresholds, onPoint });
  latest.current = { burn, thresholds, onPoint };
  // Compared as text: a new answer with the same windows must not rebuild the chart.
  const drawn = burn.series.map(series => series.window).join(',');
  const known = windows.join(',');

  useEffect(() => {
    const element = host.current;
    if (!element) return undefined;
    const shown = drawn.split(',');
    const options = burnChartOptions({
      width: element.clientWidth,
      height,
      shown,
      windows: known.split(','),
      scheme,
      range: () => rangeOf(latest.current.burn),
      ceiling: () => ceilingOf(latest.current),
      onDraw: u => drawThresholds(u, latest.current.thresholds, threshold => appliesTo(threshold, shown)),
      onPoint: index => latest.current.onPoint(index),
    });
    const chart = new uPlot(options, dataOf(latest.current.burn), element);
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, [drawn, height, scheme, known]);

  useEffect(() => {
    plot.current?.setData(dataOf(burn));
  }, [burn]);

  const empty = burn.series.every(series => series.values.every(value => value === null));
  return (
    <div className="chart" role="img" aria-label={description} data-testid="burn-chart">
      <div ref={host} />
      {empty && <p className="chart-empty">no samples in this range</p>}
    </div>
  );
}

function dataOf(burn: BurnAnswer): uPlot.AlignedData {
  return [burn.timestamps, ...burn.series.map(series => series.values)];
}

function rangeOf(burn: BurnAnswer): [number, number] {
  const first = burn.timestamps[0] ?? 0;
  return [first, Math.max(burn.timestamps.at(-1) ?? 0, first + burn.step)];
}

function ceilingOf({ burn, thresholds }: { burn: BurnAnswer; thresholds: readonly BurnThreshold[] }): number {
  return burnCeiling(
    thresholds.map(threshold => threshold.value),
    burn.series.flatMap(series => series.values),
  );
}
