import { DAY, type Dataset } from './dataset.ts';
import { startBoth } from './engines.ts';
import { loadedFolders } from './load.ts';
import { measureQuery } from './measure.ts';
import { progress } from './progress.ts';
import { QUERY_SETS } from './query-rows.ts';
import { errorRatio, instant, range, rate } from './questions.ts';

/** One point: what a query took both, in milliseconds. */
export interface ScalingPoint {
  readonly kind: 'instant' | 'range';
  readonly series: number;
  readonly window: string;
  readonly theirs: number;
  readonly ours: number;
}

/** Data that are loaded together, and what is asked of each of them. */
interface Stage {
  readonly sets: readonly Dataset[];
  readonly instantWindows: readonly string[];
  readonly rangeWindows: readonly string[];
}

const WINDOWS = ['5m', '1h', '6h', '1d', '3d', '10d', '30d'];
const RANGE_WINDOWS = ['5m', '1h', '6h', '1d'];
/** Days that a range query covers, with the longest of its windows before them. */
const RANGE_DAYS = 0.25;

const STAGES: readonly Stage[] = [
  { sets: QUERY_SETS, instantWindows: WINDOWS, rangeWindows: RANGE_WINDOWS },
  // Fewer days of more series: loading both engines takes a minute or two as it is.
  {
    sets: [{ job: 'two-thousand', series: 2_000, span: 2 * DAY }],
    instantWindows: WINDOWS.slice(0, 4),
    rangeWindows: RANGE_WINDOWS,
  },
  {
    sets: [{ job: 'twenty-thousand', series: 20_000, span: DAY / 2 }],
    instantWindows: WINDOWS.slice(0, 3),
    rangeWindows: RANGE_WINDOWS.slice(0, 3),
  },
];

/** How the queries grow with the number of series and the length of their windows. */
export async function measureScaling(reload: boolean): Promise<ScalingPoint[]> {
  const points: ScalingPoint[] = [];
  for (const stage of STAGES) {
    const engines = await startBoth(await loadedFolders(stage.sets, reload));
    const addresses = { theirs: engines.prometheus.address, ours: engines['slo-guard'].address };
    try {
      for (const { kind, series, window, path } of questionsOf(stage)) {
        const { theirs, ours } = await measureQuery(path, addresses);
        points.push({ kind, series, window, theirs, ours });
        progress(`${kind} [${window}], ${series} series: ${theirs.toFixed(2)} ms, ${ours.toFixed(2)} ms`);
      }
    } finally {
      await engines.stop();
    }
  }
  return points;
}

function questionsOf({ sets, instantWindows, rangeWindows }: Stage) {
  return sets.flatMap(set => {
    const { series } = set;
    return [
      ...instantWindows.map(window => ({
        kind: 'instant' as const,
        series,
        window,
        path: instant(rate(set, window)),
      })),
      ...rangeWindows.map(window => ({
        kind: 'range' as const,
        series,
        window,
        path: range(errorRatio(set, window), RANGE_DAYS),
      })),
    ];
  });
}
