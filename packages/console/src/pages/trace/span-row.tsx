import { IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { SpanAttributes, TraceSpan } from '../../../../guard/src/server/console-types.ts';
import { formatLatency } from '../../format/time.ts';
import type { SpanRow } from './span-tree.ts';

/** Deeper levels are indented no further, so that a long chain does not push its names out of sight. */
const DEEPEST_INDENT = 12;
/** A span too short for a pixel is drawn as wide as this share, so that it is seen at all. */
const NARROWEST = 0.003;
const HUES = 6;

interface SpanRowProps {
  row: SpanRow;
  traceStart: number;
  /** Place of the service among those of the trace; picks the bar's colour. */
  hue: number;
}

/** One span as a bar; pressing it shows its attributes and events. */
export function SpanRowView({ row, traceStart, hue }: SpanRowProps) {
  const [open, setOpen] = useState(false);
  const details = useId();
  const { span } = row;
  const left = Math.min(row.offset, 1 - NARROWEST);
  return (
    <li data-testid="span" data-error={span.error}>
      <button
        type="button"
        className="span-row"
        aria-expanded={open}
        aria-controls={details}
        onClick={() => setOpen(!open)}
      >
        <span
          className="span-name"
          style={{ paddingInlineStart: `${Math.min(row.depth, DEEPEST_INDENT) * 14}px` }}
        >
          <IconChevronRight size={14} className="chevron" aria-hidden />
          <span className={`dot hue-${hue % HUES}`} />
          <span className="span-text">
            <span className="span-service">{span.service}</span> {span.operation}
            {row.orphan && <span className="dim"> · its parent was not received</span>}
          </span>
          {span.error && <span className="error-mark">error</span>}
        </span>
        <span className="span-track" aria-hidden>
          <span
            className={`span-bar hue-${hue % HUES} ${span.error ? 'span-bar-error' : ''}`}
            style={{ left: `${left * 100}%`, width: `${Math.max(row.width, NARROWEST) * 100}%` }}
          />
        </span>
        <span className="span-duration">{formatLatency(span.durationMs)}</span>
      </button>
      {open && <SpanDetails id={details} span={span} traceStart={traceStart} />}
    </li>
  );
}

function SpanDetails({ id, span, traceStart }: { id: string; span: TraceSpan; traceStart: number }) {
  return (
    <div id={id} className="span-details" data-testid="span-details">
      <p className="dim">
        {span.kind} span {span.spanId}, starts {formatLatency(span.start - traceStart)} into the trace
      </p>
      <Attributes attributes={span.attributes} />
      {span.events.map((event, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events have no identity, and a stored span's list never reorders
        <div key={index} className="span-event">
          <p>
            <strong>{event.name}</strong>{' '}
            <span className="dim">at {formatLatency(event.at - traceStart)}</span>
          </p>
          <Attributes attributes={event.attributes} />
        </div>
      ))}
    </div>
  );
}

function Attributes({ attributes }: { attributes: SpanAttributes }) {
  const entries = Object.entries(attributes).sort(([a], [b]) => a.localeCompare(b));
  if (entries.length === 0) return <p className="dim">no attributes</p>;
  return (
    <dl className="attributes">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
