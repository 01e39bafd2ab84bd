import { Button, Skeleton, Title } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { TraceAnswer } from '../../../../guard/src/server/console-types.ts';
import { useMeta } from '../../api/meta.tsx';
import { useTrace } from '../../api/queries.ts';
import { SectionFailure } from '../../components/section.tsx';
import { formatCount } from '../../format/numbers.ts';
import { formatInstant, formatLatency } from '../../format/time.ts';
import { SpanRowView } from './span-row.tsx';
import { buildSpanTree } from './span-tree.ts';

/** More rows than this make a browser slow; the rest comes when asked for. */
const ROWS_AT_FIRST = 400;

/** One trace as a waterfall of spans. */
export default function TracePage({ traceId }: { traceId: string }) {
  const source = useTrace(traceId);
  useEffect(() => {
    document.title = `Trace ${traceId.slice(0, 8)} · slo-guard`;
  }, [traceId]);
  const missing = source.failure?.status === 404;
  return (
    <>
      <nav aria-label="Breadcrumb" className="breadcrumb">
        <Link href="/">Objectives</Link>
      </nav>
      {missing ? <UnknownTrace traceId={traceId} /> : <SectionFailure source={source} />}
      {!missing && source.data && <Waterfall trace={source.data} />}
      {!source.data && !source.failure && <Skeleton height={240} />}
    </>
  );
}

function Waterfall({ trace }: { trace: TraceAnswer }) {
  const tree = useMemo(() => buildSpanTree(trace.spans), [trace.spans]);
  const services = useMemo(() => [...new Set(tree.rows.map(row => row.span.service))], [tree]);
  const [all, setAll] = useState(false);
  const jaeger = useMeta().data?.links.jaeger;
  const root = tree.rows[0]?.span;
  const errors = trace.spans.filter(span => span.error).length;
  const rows = all ? tree.rows : tree.rows.slice(0, ROWS_AT_FIRST);
  return (
    <>
      <div className="page-title">
        <div>
          <Title order={1} size="h3">
            {root ? `${root.service} ` : 'Empty trace '}
            <span className="slo-name">{root?.operation}</span>
          </Title>
          <p className="dim">
            {formatInstant(tree.start)} · {formatLatency(tree.durationMs)} ·{' '}
            {formatCount(trace.spans.length, 'span')} in {formatCount(services.length, 'service')}
            {errors > 0 && <> · {formatCount(errors, 'span')} with errors</>}
          </p>
          <p className="dim trace-id">{trace.traceId}</p>
        </div>
        {jaeger && (
          <a href={`${jaeger.replace(/\/+$/, '')}/trace/${trace.traceId}`} target="_blank" rel="noreferrer">
            Open in Jaeger<span className="visually-hidden"> (opens a new tab)</span>
          </a>
        )}
      </div>
      <div className="waterfall" data-testid="waterfall">
        <div className="waterfall-scale" aria-hidden>
          {[0, 0.25, 0.5, 0.75, 1].map(share => (
            <span key={share} style={{ left: `${share * 100}%` }}>
              {formatLatency(tree.durationMs * share)}
            </span>
          ))}
        </div>
        <ul>
          {rows.map(row => (
            <SpanRowView
              key={row.span.spanId}
              row={row}
              traceStart={tree.start}
              hue={services.indexOf(row.span.service)}
            />
          ))}
        </ul>
      </div>
      {rows.length < tree.rows.length && (
        <Button variant="default" onClick={() => setAll(true)}>
          Show the other {formatCount(tree.rows.length - rows.length, 'span')}
        </Button>
      )}
    </>
  );
}

function UnknownTrace({ traceId }: { traceId: string }) {
  return (
    <div className="empty" data-testid="unknown-trace">
      <Title order={1} size="h3">
        No trace {traceId}
      </Title>
      <p>
        Its spans have not arrived yet, or retention has removed them.{' '}
        <Link href="/">See the recent traces</Link>
      </p>
    </div>
  );
}
