export { type ExpositionFormat, expositionFormat } from './content-type.ts';
export type {
  ExposedExemplar,
  ExpositionVisitor,
  MetadataEntry,
  MetricType,
  SeriesEntry,
} from './entries.ts';
export { type Exposition, parseExposition, visitExposition } from './read.ts';
