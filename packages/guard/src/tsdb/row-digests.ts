import { rowDigest } from '../sqlite/index.ts';

/* The digest of each table's rows: a kind, the key and the content, so that a row under a wrong key is found too. */

export const seriesDigest = (id: number, labels: string) => rowDigest('series', id, labels);
export const logDigest = (sequence: number, payload: Uint8Array) => rowDigest('log', sequence, payload);
export const deletionsDigest = (sequence: number, payload: Uint8Array) =>
  rowDigest('deletions', sequence, payload);
export const checkpointDigest = (sequence: number) => rowDigest('checkpoint', sequence);
