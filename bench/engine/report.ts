import { arch, cpus, loadavg, platform } from 'node:os';
import type { ReportRow } from './row.ts';

/** Three significant digits. */
export const figure = (value: number): string =>
  value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));

const shown = (row: ReportRow): readonly string[] => [
  row.title,
  `${figure(row.theirs)} ${row.unit}`,
  `${figure(row.ours)} ${row.unit}`,
  figure(row.ratio),
  `≥ ${figure(row.goal)}`,
  row.ratio >= row.goal ? 'yes' : 'no',
  String(row.rounds),
];

const head = (peer: string) => ['work', peer, 'slo-guard', 'ratio', 'goal', 'reached', 'rounds'];

/** One row on a line. */
export const tableLine = (row: ReportRow): string => shown(row).join('  ');

/** A Markdown table. */
export function markdownTable(rows: readonly ReportRow[], peer = 'Prometheus 3.16'): string {
  const names = head(peer);
  const lines = [names, ...rows.map(shown)];
  const widths = names.map((_, column) => Math.max(...lines.map(line => line[column]!.length)));
  const text = (line: readonly string[]) =>
    `| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [text(names), rule, ...lines.slice(1).map(text)].join('\n');
}

/** What the figures were measured on. */
export const machine = (): string =>
  `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${platform()} ${arch()}, Node ${process.versions.node}, load average ${loadavg()[0]!.toFixed(2)} at the start`;
