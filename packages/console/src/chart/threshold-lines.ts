import type uPlot from 'uplot';
import type { BurnThreshold } from '../../../guard/src/server/console-types.ts';
import { formatBurn } from '../format/numbers.ts';

/**
 * Lays the thresholds over the plot as elements rather than pixels: their text stays sharp, can be found by a
 * browser's search and read by a test. Called at each redraw; elements are kept by alert.
 */
export function drawThresholds(
  chart: uPlot,
  thresholds: readonly BurnThreshold[],
  applies: (threshold: BurnThreshold) => boolean,
): void {
  const kept = new Set<Element>();
  for (const threshold of thresholds) {
    const line = lineFor(chart.over, threshold);
    line.style.top = `${chart.valToPos(threshold.value, 'y')}px`;
    line.classList.toggle('faint', !applies(threshold));
    kept.add(line);
  }
  for (const line of chart.over.querySelectorAll('.threshold')) if (!kept.has(line)) line.remove();
}

function lineFor(over: HTMLElement, threshold: BurnThreshold): HTMLElement {
  const key = `${threshold.alertname} ${threshold.value}`;
  for (const line of over.querySelectorAll<HTMLElement>('.threshold'))
    if (line.dataset.key === key) return line;
  const line = document.createElement('div');
  line.className = `threshold threshold-${threshold.severity}`;
  line.dataset.key = key;
  line.dataset.testid = 'threshold';
  const label = document.createElement('span');
  label.textContent = `${formatBurn(threshold.value)} in ${threshold.shortWindow} and ${threshold.longWindow} · ${threshold.alertname}`;
  label.title = `${threshold.alertname} (${threshold.severity})`;
  line.append(label);
  over.append(line);
  return line;
}
