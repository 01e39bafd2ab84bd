import type { SloFormat } from '../format.ts';
import { type OpenSloDocument, readOpenSlo } from './read.ts';
import { toSlos } from './to-slos.ts';

/** OpenSLO v1 (github.com/OpenSLO/OpenSLO). */
export const OPENSLO: SloFormat<OpenSloDocument> = {
  title: 'OpenSLO v1',
  header: 'apiVersion: openslo/v1',
  recognises: ({ apiVersion }) => apiVersion === 'openslo/v1',
  read: readOpenSlo,
  toSlos,
};
