import { parseDuration } from '../../packages/guard/src/core/index.ts';
import type { ScalingPoint } from './scaling.ts';

const PANEL = { width: 190, height: 190, gap: 34 };
const MARGIN = { left: 64, top: 104, right: 130, bottom: 36 };
const ROW_GAP = 84;

/** Milliseconds at the lower and upper end of the vertical axis, which all panels share. */
const AXIS = { from: 0.1, to: 100_000 };
const TICKS = [0.1, 1, 10, 100, 1_000, 10_000, 100_000];

const ROWS = [
  { kind: 'instant', title: 'instant query: sum(rate(x[window]))' },
  { kind: 'range', title: 'range query over 6 h, step 300 s: errors / total, each sum(rate(x[window]))' },
] as const;

const ENGINES = [
  { field: 'theirs', name: 'Prometheus 3.16' },
  { field: 'ours', name: 'slo-guard' },
] as const;

/** Colours for light pages, and for dark ones where the reader prefers those. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #333 }
  .title { font-size: 15px; font-weight: 600 } .row { font-weight: 600 } .tick { font-size: 10px; fill: #666 }
  .grid { stroke: #ddd } .theirs { stroke: #b45309 } .ours { stroke: #1d4ed8 }
  .theirs-dot, .theirs-name { fill: #b45309 } .ours-dot, .ours-name { fill: #1d4ed8 }
  path { fill: none; stroke-width: 2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd } .tick { fill: #aaa } .grid { stroke: #444 }
    .theirs { stroke: #f59e0b } .ours { stroke: #7aa2ff }
    .theirs-dot, .theirs-name { fill: #f59e0b } .ours-dot, .ours-name { fill: #7aa2ff }
  }`;

const round = (value: number) => Number(value.toFixed(1));
const text = (x: number, y: number, content: string, attributes = '') =>
  `<text x="${round(x)}" y="${round(y)}" ${attributes}>${content}</text>`;

/** Milliseconds as people read them. */
const tickLabel = (milliseconds: number) =>
  milliseconds >= 1000 ? `${milliseconds / 1000} s` : `${milliseconds} ms`;

const logWindow = ({ window }: ScalingPoint) => Math.log(parseDuration(window)!);

/** Small multiples: a row a kind of query, a panel a number of series, a line an engine; both axes logarithmic. */
export function scalingPlot(points: readonly ScalingPoint[], about: string): string {
  const counts = [...new Set(points.map(({ series }) => series))].sort((a, b) => a - b);
  const width = MARGIN.left + counts.length * (PANEL.width + PANEL.gap) - PANEL.gap + MARGIN.right;
  const height = MARGIN.top + ROWS.length * (PANEL.height + ROW_GAP) - ROW_GAP + MARGIN.bottom;
  const rows = ROWS.map(({ kind, title }, row) => {
    const top = MARGIN.top + row * (PANEL.height + ROW_GAP);
    const ofRow = points.filter(point => point.kind === kind);
    const longest = Math.max(...ofRow.map(logWindow));
    const shortest = Math.min(...ofRow.map(logWindow));
    const panels = counts.map((series, column) => {
      const own = ofRow.filter(point => point.series === series);
      const left = MARGIN.left + column * (PANEL.width + PANEL.gap);
      const isLast = column === counts.length - 1;
      return panel(own, { left, top, series, shortest, longest, isFirst: column === 0, isLast });
    });
    return text(MARGIN.left, top - 26, title, 'class="row"') + panels.join('');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Query time by window and number of series">
<style>${STYLE}
</style>
${text(MARGIN.left, 22, 'Time of a query by the length of its window and the number of series', 'class="title"')}
${text(MARGIN.left, 40, about, 'class="tick"')}
${rows.join('\n')}
</svg>
`;
}

interface Place {
  readonly left: number;
  readonly top: number;
  readonly series: number;
  /** The ends of the horizontal axis. */
  readonly shortest: number;
  readonly longest: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function panel(points: readonly ScalingPoint[], place: Place): string {
  const { left, top, series, shortest, longest, isFirst, isLast } = place;
  const x = (index: number) =>
    left + ((logWindow(points[index]!) - shortest) / (longest - shortest)) * PANEL.width;
  const y = (value: number) =>
    top + PANEL.height * (1 - Math.log(value / AXIS.from) / Math.log(AXIS.to / AXIS.from));
  const grid = TICKS.map(
    tick =>
      `<line class="grid" x1="${left}" x2="${left + PANEL.width}" y1="${round(y(tick))}" y2="${round(y(tick))}"/>${
        isFirst ? text(left - 6, y(tick) + 3, tickLabel(tick), 'class="tick" text-anchor="end"') : ''
      }`,
  );
  const windows = points.map(({ window }, i) =>
    text(x(i), top + PANEL.height + 14, window, 'class="tick" text-anchor="middle"'),
  );
  const lines = ENGINES.map(({ field, name }) => {
    const at = points.map((point, i) => [round(x(i)), round(y(point[field]))] as const);
    const end = at.at(-1)!;
    const label = isLast ? text(end[0] + 8, end[1] + 4, name, `class="${field}-name"`) : '';
    const dots = at.map(([cx, cy]) => `<circle class="${field}-dot" cx="${cx}" cy="${cy}" r="2.5"/>`);
    return `<path class="${field}" d="M${at.map(pair => pair.join(',')).join('L')}"/>${dots.join('')}${label}`;
  });
  const title = text(
    left + PANEL.width / 2,
    top - 8,
    `${series.toLocaleString('en')} series`,
    'text-anchor="middle"',
  );
  return [title, ...grid, ...windows, ...lines].join('');
}
