import { UserError } from '../../core/index.ts';
import type { FamilyMetadata, MetricType } from '../../exposition/index.ts';

const TYPES: ReadonlySet<string> = new Set<MetricType>([
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
  'unknown',
]);

/**
 * Reads the `data` of `/api/v1/metadata`, by the name that the server gives. Where its targets disagree, the first
 * holds. @throws UserError `prometheus-bad-answer`
 */
export function decodeFamilies(data: unknown): Map<string, FamilyMetadata> {
  if (typeof data !== 'object' || data === null)
    throw new UserError('prometheus-bad-answer', "the server's metadata is not a table of metrics");
  const families = new Map<string, FamilyMetadata>();
  for (const [name, entries] of Object.entries(data)) {
    const [entry] = Array.isArray(entries) ? entries : [];
    if (entry) families.set(name, familyOf(name, entry));
  }
  return families;
}

function familyOf(name: string, { type, help, unit }: Record<string, unknown>): FamilyMetadata {
  return {
    name,
    ...(typeof type === 'string' && TYPES.has(type) && { type: type as MetricType }),
    ...(typeof help === 'string' && { help }),
    ...(typeof unit === 'string' && { unit }),
  };
}
