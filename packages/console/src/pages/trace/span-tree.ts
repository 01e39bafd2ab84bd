import type { TraceSpan } from '../../../../guard/src/server/console-types.ts';

/** One row of the waterfall. */
export interface SpanRow {
  span: TraceSpan;
  depth: number;
  /** Its parent's id is named but no such span was received (or it is its own ancestor). */
  orphan: boolean;
  /** Start and length as shares of the whole trace, 0 to 1. */
  offset: number;
  width: number;
}

/** The waterfall of a trace, depth first, siblings by start. */
export interface SpanTree {
  rows: SpanRow[];
  start: number;
  durationMs: number;
}

/**
 * Orders spans as a tree. A span whose parent is missing stands at the top, marked, rather than being left out;
 * spans that are each other's ancestors are cut open at the earliest.
 */
export function buildSpanTree(spans: readonly TraceSpan[]): SpanTree {
  const sorted = [...spans].sort((a, b) => a.start - b.start || a.spanId.localeCompare(b.spanId));
  const start = sorted[0]?.start ?? 0;
  const end = sorted.reduce((latest, span) => Math.max(latest, span.start + span.durationMs), start);
  const durationMs = end - start;
  const known = new Set(sorted.map(span => span.spanId));
  const children = groupByParent(sorted);
  const rows: SpanRow[] = [];
  const seen = new Set<TraceSpan>();

  const visit = (top: TraceSpan, orphan: boolean): void => {
    const stack = [{ span: top, depth: 0, orphan }];
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (seen.has(next.span)) continue;
      seen.add(next.span);
      rows.push({ ...next, ...placeOf(next.span, start, durationMs) });
      const below = children.get(next.span.spanId) ?? [];
      for (const span of below.toReversed()) stack.push({ span, depth: next.depth + 1, orphan: false });
    }
  };

  for (const span of sorted) {
    if (span.parentSpanId === null) visit(span, false);
    else if (!known.has(span.parentSpanId)) visit(span, true);
  }
  for (const span of sorted) if (!seen.has(span)) visit(span, true);
  return { rows, start, durationMs };
}

function groupByParent(sorted: readonly TraceSpan[]): Map<string, TraceSpan[]> {
  const children = new Map<string, TraceSpan[]>();
  for (const span of sorted) {
    if (span.parentSpanId === null) continue;
    const siblings = children.get(span.parentSpanId);
    if (siblings) siblings.push(span);
    else children.set(span.parentSpanId, [span]);
  }
  return children;
}

function placeOf(span: TraceSpan, start: number, durationMs: number): { offset: number; width: number } {
  if (durationMs <= 0) return { offset: 0, width: 1 };
  return { offset: (span.start - start) / durationMs, width: span.durationMs / durationMs };
}
