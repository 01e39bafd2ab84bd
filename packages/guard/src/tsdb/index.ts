export type { BackfillBatch } from './backfill-runs.ts';
export type { Damage } from './damage.ts';
export type { SeriesExemplars } from './exemplars.ts';
export { openStore } from './open-store.ts';
export { connectSharedReader, type SharedReader } from './shared-reader.ts';
export type { Store, StoreOptions, StoreStatistics } from './store.ts';
