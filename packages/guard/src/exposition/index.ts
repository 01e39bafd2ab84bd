export { type ExpositionFormat, expositionFormat } from './content-type.ts';
export type {
  ExposedExemplar,
  ExpositionVisitor,
  MetadataEntry,
  MetricType,
  SeriesEntry,
} from './entries.ts';
export { isNumericLabelNormal } from './label-values.ts';
export { type Exposition, parseExposition, visitExposition } from './read.ts';
export {
  type FamilyMetadata,
  OPEN_METRICS_END,
  writeFamily,
  writeSample,
  writeSeries,
} from './write-open-metrics.ts';
