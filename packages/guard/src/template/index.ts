export { queryEscape, type TemplateFunction } from './builtins.ts';
export type { TemplateLimits } from './execute.ts';
export {
  type CompileOptions,
  compileTemplate,
  type ExpandOptions,
  expandTemplate,
  linkTemplates,
  runTemplate,
} from './expand.ts';
export { formatGeneral, type GoStringer, sprintf } from './format.ts';
export type { ParsedTemplate } from './parse.ts';
