import { Link } from 'wouter';
import type { TraceSummary, TracesAnswer } from '../../../../guard/src/server/console-types.ts';
import type { Polled } from '../../api/polling.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { Section } from '../../components/section.tsx';
import { Since } from '../../components/since.tsx';
import { formatLatency } from '../../format/time.ts';

const COLUMNS: Column<TraceSummary>[] = [
  { heading: 'Started', cell: trace => <Since at={trace.start} /> },
  {
    heading: 'Root',
    cell: trace => (
      <Link href={`/trace/${encodeURIComponent(trace.traceId)}`}>
        {trace.rootService} <span className="operation">{trace.rootOperation}</span>
      </Link>
    ),
  },
  { heading: 'Duration', numeric: true, cell: trace => formatLatency(trace.durationMs) },
  { heading: 'Spans', numeric: true, named: true, cell: trace => trace.spanCount },
  { heading: 'Services', cell: trace => trace.services.join(', ') },
  { heading: 'Error', cell: trace => (trace.error ? <span className="error-mark">error</span> : '') },
];

/** The newest traces, each leading to its waterfall. */
export function RecentTraces({ source }: { source: Polled<TracesAnswer> }) {
  return (
    <Section title="Recent traces" testId="traces" source={source}>
      {({ traces }) =>
        traces.length === 0 ? (
          <p className="empty">
            No span was received yet. Services send them over OTLP: gRPC, by default to port 4317, or HTTP to
            4318.
          </p>
        ) : (
          <DataTable label="Recent traces" columns={COLUMNS} rows={traces} rowKey={trace => trace.traceId} />
        )
      }
    </Section>
  );
}
