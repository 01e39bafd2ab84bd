export type { ParsedTemplate } from './ast.ts';
export { queryEscape } from './escape.ts';
export type { TemplateLimits } from './execution.ts';
export {
  type CompileOptions,
  compileTemplate,
  type ExpandOptions,
  expandTemplate,
  runTemplate,
  tryTemplate,
} from './expand.ts';
export { formatGeneral } from './format-float.ts';
export { createDuration, type GoDuration, isDuration, toInt64 } from './go-duration.ts';
export { createTime, type GoTime, isGoTime, TIME_PARAMETER } from './go-time.ts';
export { safeHtml, safeUrl } from './html/content.ts';
export { createHtmlWriter } from './html/html-writer.ts';
export { type Parameter, type Signature, type TemplateFunction, takes, takesAny } from './signature.ts';
export { sprintf } from './sprintf.ts';
export { gatherTemplates, linkTemplate, type TemplateSet, type TemplateSource } from './template-set.ts';
export { parseTime } from './time-parse.ts';
export { ANY_MAP, isStringer, withType } from './values.ts';
