import { isSeverity } from '../annotations.ts';
import type { Severity } from '../policies/policy.ts';
import type { Context, Place } from './context.ts';
import type { Metadata } from './fields.ts';

/** Severities that people write, and what they come to here. */
const SEVERITIES: Readonly<Record<string, Severity>> = {
  page: 'page',
  pager: 'page',
  critical: 'page',
  urgent: 'page',
  high: 'page',
  sev1: 'page',
  sev2: 'page',
  p1: 'page',
  p2: 'page',
  ticket: 'ticket',
  warning: 'ticket',
  warn: 'ticket',
  medium: 'ticket',
  low: 'ticket',
  info: 'ticket',
  sev3: 'ticket',
  sev4: 'ticket',
  sev5: 'ticket',
  p3: 'ticket',
  p4: 'ticket',
  p5: 'ticket',
};

/** Whether an alert condition pages; undefined, and told, when its word for that is none that is known. */
export function severityOf(
  annotations: Metadata['annotations'],
  severity: string,
  { source, path }: Place,
  { report }: Context,
): Severity | undefined {
  const annotated = annotations['slo-guard/severity'];
  if (annotated !== undefined && isSeverity(annotated)) return annotated;
  const word = severity.toLowerCase().replace(/[-_\s]/g, '');
  const known = Object.hasOwn(SEVERITIES, word) ? SEVERITIES[word] : undefined;
  if (!known) {
    report.problem(
      source.problemAt(path, {
        code: 'unknown-severity',
        message: `severity ${JSON.stringify(severity)} is neither a page nor a ticket`,
        remedy:
          'write page or ticket, or say which it is with the annotation slo-guard/severity on the AlertCondition',
      }),
    );
  }
  return known;
}
