export { durationField, labelNameField, stringMapField } from './fields.ts';
export { checkShape } from './shape.ts';
export { readTextFile, type TextFile } from './text-file.ts';
export {
  isNonEmpty,
  type Path,
  readOneYaml,
  readYaml,
  type YamlSource,
} from './yaml-source.ts';
