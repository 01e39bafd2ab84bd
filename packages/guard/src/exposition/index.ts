export { expositionFormat } from './content-type.ts';
export type {
  ExposedExemplar,
  ExpositionFormat,
  ExpositionVisitor,
  MetadataEntry,
  MetricType,
  ReadOptions,
  ReadSeries,
  SampleEntry,
} from './entries.ts';
export { isNumericLabelNormal } from './label-values.ts';
export {
  createExpositionReader,
  type Exposition,
  type ExpositionReader,
  parseExposition,
  type SeriesEntry,
  type SeriesVisitor,
  visitExposition,
} from './read.ts';
export {
  type FamilyMetadata,
  OPEN_METRICS_END,
  writeFamily,
  writeSample,
  writeSeries,
} from './write-open-metrics.ts';
