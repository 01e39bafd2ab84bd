export { durationField, labelNameField, stringMapField } from './fields.ts';
export { checkShape } from './shape.ts';
export {
  isNonEmpty,
  MAX_FILE_BYTES,
  type Path,
  readOneYaml,
  readYaml,
  type YamlSource,
} from './yaml-source.ts';
