import { counted } from '../counted.ts';
import type { BatchOutcome, Refusal } from './import-sink.ts';

/** A refusal, and the file in which it was. */
export interface NamedRefusal extends Refusal {
  readonly file: string;
}

/** What an import has done so far. */
export interface ImportReport {
  imported: number;
  /** Samples that were there before, with the same values. */
  present: number;
  refused: number;
  /** Refused samples by reason. */
  readonly reasons: Map<string, number>;
  /** The first refusals. */
  readonly examples: NamedRefusal[];
  /** Keys of the series that were read. */
  readonly series: Set<string>;
}

const EXAMPLES = 5;

/** How receivers of remote write say that samples came too late (storage/interface.go). */
const LATE = /^(?:out of order sample|out of bounds|too old sample)$/;
const LATE_REMEDY =
  '  remedy: a Prometheus takes samples older than its newest ones within storage.tsdb.out_of_order_time_window';

export const emptyReport = (): ImportReport => ({
  imported: 0,
  present: 0,
  refused: 0,
  reasons: new Map(),
  examples: [],
  series: new Set(),
});

export function addOutcome(
  report: ImportReport,
  file: string,
  { imported, present, refusals }: BatchOutcome,
): void {
  report.imported += imported;
  report.present += present;
  for (const refusal of refusals) {
    report.refused += refusal.samples;
    report.reasons.set(refusal.reason, (report.reasons.get(refusal.reason) ?? 0) + refusal.samples);
    addExample(report.examples, { ...refusal, file });
  }
}

function addExample(examples: NamedRefusal[], added: NamedRefusal): void {
  const last = examples.at(-1);
  const goesOn = last?.file === added.file && last.series === added.series && last.reason === added.reason;
  if (goesOn)
    examples[examples.length - 1] = {
      ...last,
      samples: last.samples + added.samples,
      lastLine: added.lastLine,
    };
  else if (examples.length < EXAMPLES) examples.push(added);
}

/** For people: what was refused and why, one line each. */
export function refusalLines({ refused, reasons, examples }: ImportReport): string[] {
  if (refused === 0) return [];
  const named = examples.map(({ file, firstLine, lastLine, series, reason, samples }) => {
    const lines = firstLine === lastLine ? `${firstLine}` : `${firstLine}-${lastLine}`;
    return `  ${file}:${lines}: ${samples === 1 ? '' : `${counted(samples, 'sample')} of `}${series}: ${reason}`;
  });
  const untold = examples.reduce((rest, { samples }) => rest - samples, refused);
  return [
    `${counted(refused, 'sample')} ${refused === 1 ? 'was' : 'were'} refused:`,
    ...[...reasons].map(([reason, amount]) => `  ${amount.toLocaleString('en')}  ${reason}`),
    'the first of them:',
    ...named,
    ...(untold > 0 ? [`  and ${untold.toLocaleString('en')} more`] : []),
    ...([...reasons.keys()].some(reason => LATE.test(reason)) ? [LATE_REMEDY] : []),
  ];
}

/** One line for people. */
export const importLine = ({ imported, present, series }: ImportReport, isDryRun: boolean): string =>
  `${counted(imported, 'sample')} of ${counted(series.size, 'series')} ${isDryRun ? 'could be read; nothing was written' : 'imported'}${
    present === 0 ? '' : `, ${present.toLocaleString('en')} were there before`
  }`;
