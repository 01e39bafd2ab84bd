export type { ParsedTemplate } from './ast.ts';
export { queryEscape } from './escape.ts';
export type { TemplateLimits } from './execution.ts';
export {
  type CompileOptions,
  compileTemplate,
  type ExpandOptions,
  expandTemplate,
  linkTemplates,
  runTemplate,
} from './expand.ts';
export { formatGeneral } from './format-float.ts';
export { createDuration, type GoDuration, toInt64 } from './go-duration.ts';
export { createTime, type GoTime } from './go-time.ts';
export { type Parameter, type Signature, type TemplateFunction, takes, takesAny } from './signature.ts';
export { sprintf } from './sprintf.ts';
export { ANY_MAP, type GoStringer, type GoType, withType } from './values.ts';
