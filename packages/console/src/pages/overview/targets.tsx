import type { ScrapeTarget } from '../../../../guard/src/server/console-types.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Since } from '../../components/since.tsx';

const LOOKS = { up: 'ok', down: 'page', unknown: 'no-data' } as const;

const columnsOf = (stale: boolean): Column<ScrapeTarget>[] => [
  {
    heading: 'Health',
    cell: target => (
      <span className={`badge badge-${stale ? 'stale' : LOOKS[target.health]}`} data-health={target.health}>
        {stale ? `was ${target.health}` : target.health}
      </span>
    ),
  },
  { heading: 'Job', cell: target => <strong>{target.job}</strong> },
  { heading: 'Instance', cell: target => target.instance },
  {
    heading: 'Last scrape',
    cell: target =>
      target.lastScrape === null ? <span className="dim">never</span> : <Since at={target.lastScrape} />,
  },
  { heading: 'Last error', cell: target => target.lastError ?? '' },
];

/** Where the figures come from, and whether they still do. */
export function Targets({ targets, stale }: { targets: readonly ScrapeTarget[]; stale: boolean }) {
  if (targets.length === 0)
    return <p className="empty">Nothing is scraped: no scrape target is configured.</p>;
  return (
    <DataTable
      label="Scrape targets"
      columns={columnsOf(stale)}
      rows={targets}
      rowKey={target => `${target.job} ${target.instance}`}
    />
  );
}
