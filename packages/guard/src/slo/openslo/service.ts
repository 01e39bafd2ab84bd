import { linksOf } from '../annotations.ts';
import { type Context, lookUp } from './context.ts';
import type { DocumentOf } from './read.ts';

/** What an SLO takes over from its service. */
export interface ServiceFacts {
  readonly label: string;
  readonly displayName: string;
  readonly owner: string | undefined;
  readonly links: Readonly<Record<string, string>>;
}

/** The service of an SLO. Where no Service is declared at all, its name alone; otherwise one of that name, or told. */
export function serviceOf({ spec, source }: DocumentOf<'SLO'>, context: Context): ServiceFacts | undefined {
  const { service: name } = spec;
  if (!context.registry.has('Service'))
    return { label: name, displayName: name, owner: undefined, links: {} };
  const found = lookUp('Service', { name, source, path: ['spec', 'service'] }, context);
  if (!found) return undefined;
  const { annotations, displayName } = found.metadata;
  const label = annotations['slo-guard/service-label'] ?? name;
  return {
    label,
    displayName: displayName ?? label,
    owner: annotations['slo-guard/owner'],
    links: linksOf(annotations),
  };
}
