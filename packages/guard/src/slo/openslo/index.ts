import type { SloFormat } from '../format.ts';
import { type OpenSloDocument, readOpenSlo } from './read.ts';
import { toSlos } from './to-slos.ts';

const VERSIONS: readonly unknown[] = ['openslo/v1', 'openslo/v1alpha'];

/** OpenSLO v1 and v1alpha (github.com/OpenSLO/OpenSLO); documents of both may refer to each other. */
export const OPENSLO: SloFormat<OpenSloDocument> = {
  title: 'OpenSLO',
  header: 'apiVersion: openslo/v1 (or v1alpha)',
  recognises: ({ apiVersion }) => VERSIONS.includes(apiVersion),
  read: readOpenSlo,
  toSlos,
};
