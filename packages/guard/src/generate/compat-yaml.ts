import { compareStrings } from '../core/index.ts';
import { toYaml } from './header.ts';
import { printGroups } from './print-rules.ts';

type Groups = Parameters<typeof printGroups>[0];

interface Metadata {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** A `PrometheusRule` of the Prometheus operator, without what is empty. */
export function printResource(
  { annotations = {}, labels, name, namespace }: Metadata,
  groups: Groups,
): string {
  const head = {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: {
      ...(Object.keys(annotations).length > 0 && { annotations: inOrder(annotations) }),
      ...labelled(labels),
      ...(name !== '' && { name }),
      ...(namespace !== undefined && namespace !== '' && { namespace }),
    },
  };
  return `${toYaml(head)}spec:\n${printGroups(groups, '  ')}`;
}

/** In the order in which Go writes a map. */
export const inOrder = (texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(texts).sort(([a], [b]) => compareStrings(a, b)));

/** The field `labels` of a rule, which Go leaves out when it is empty. */
export const labelled = (
  labels: Readonly<Record<string, string>>,
): { readonly labels?: Readonly<Record<string, string>> } =>
  Object.keys(labels).length > 0 ? { labels: inOrder(labels) } : {};
