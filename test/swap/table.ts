import type { DrillReport } from '../../packages/guard/src/proof/index.ts';
import type { Swap } from './matrix.ts';

/** One row a stage, one column a swap: seconds since the phase's origin. */
export function tableOf(swaps: readonly Swap[], reports: ReadonlyMap<string, DrillReport>): string {
  const present = swaps.filter(({ name }) => reports.has(name));
  const [first] = present;
  if (!first) return 'no drill ended';
  const rows = reports.get(first.name)!.phases.flatMap(({ since, stages }, phase) =>
    stages.map(({ stage }, i) => {
      const cells = present.map(({ name }) => {
        const measured = reports.get(name)!.phases[phase]?.stages[i]?.measured;
        return measured === undefined ? '—' : measured.toFixed(1);
      });
      return [`${stage} (since ${since})`, ...cells];
    }),
  );
  const head = ['stage', ...present.map(({ name }) => name)];
  const rule = head.map((_, i) => (i === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

const BEGIN = '<!-- swap matrix: written by `WRITE_CONFORMANCE=1 npm run test:system -- test/swap` -->';
const END = '<!-- end of the swap matrix -->';

/** The document with the table between its two marks. @throws when it has no marks */
export function tableIn(document: string, table: string): string {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  if (from === -1 || to < from) throw new Error('the document has no place for the table');
  return `${document.slice(0, from)}${BEGIN}\n${table}\n${document.slice(to)}`;
}
