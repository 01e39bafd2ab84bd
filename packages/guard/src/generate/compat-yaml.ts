import { stringify } from 'yaml';
import { compareStrings } from '../core/index.ts';

/** YAML laid out as Go's library lays it out, long lines left whole. */
export const toGoYaml = (value: unknown): string =>
  stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, indentSeq: false });

/** In the order in which Go writes a map. */
export const inOrder = (texts: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(texts).sort(([a], [b]) => compareStrings(a, b)));

/** The field `labels` of a rule, which Go leaves out when it is empty. */
export const labelled = (
  labels: Readonly<Record<string, string>>,
): { readonly labels?: Readonly<Record<string, string>> } =>
  Object.keys(labels).length > 0 ? { labels: inOrder(labels) } : {};
