export {
  MAX_SEARCH_LIMIT,
  type OperationName,
  type SpanStore,
  type SpanStoreStatistics,
  SpanStoreUnavailable,
  type StoredTrace,
  type TraceQuery,
  type TraceSummary,
} from './model.ts';
export { createSpanStore, type SpanStoreOptions } from './span-store.ts';
export { plainValue, tagsOf, valueText } from './tags.ts';
