import { compileTemplate, runTemplate, type TemplateFunction } from '../../template/index.ts';

/** What Sloth demands to find in a query (pkg/common/conventions, `TplSLIQueryWindowVarRegex`). */
export const WINDOW_VARIABLE = /{{ *\.window *}}/;
const NO_FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map();

/** A query that is a Go template, ready to be rendered for one window after another. */
export type WindowTemplate = (window: string) => string;

/**
 * Compiles a query as text/template does; `.` has the field `window` and no other.
 *
 * @throws UserError `bad-template`; rendering throws it too
 */
export function compileQuery(text: string): WindowTemplate {
  const [first = '', ...rest] = text.split(WINDOW_VARIABLE);
  // Most queries name the window and have no logic.
  if (![first, ...rest].some(part => part.includes('{{')))
    return window => rest.reduce((rendered, part) => rendered + window + part, first);
  const compiled = compileTemplate(text, { functions: [] });
  return window => runTemplate(compiled, { data: { window }, functions: NO_FUNCTIONS });
}
