export { isAlertmanagerSecret } from './alertmanager-secrets.ts';
export {
  absentOrNull,
  booleanField,
  durationField,
  goNumberField,
  goTextField,
  integerField,
  labelNameField,
  stringMapField,
  textField,
} from './fields.ts';
export { expandGlob } from './glob.ts';
export { readYamlNumber } from './go-number.ts';
export { objectMetaShape } from './object-meta.ts';
export { relativeTo } from './relative-path.ts';
export { checkShape } from './shape.ts';
export { readTextFile, type TextFile } from './text-file.ts';
export {
  isNonEmpty,
  type Path,
  readOneYaml,
  readYaml,
  type YamlOptions,
  type YamlSource,
} from './yaml-source.ts';
