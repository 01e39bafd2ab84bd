import type { ParsedTemplate } from './ast.ts';
import { isEmpty } from './parse.ts';

/** Templates by name, each of which may call every other. */
export type TemplateSet = ReadonlyMap<string, ParsedTemplate>;

/** A file of templates. */
export interface TemplateSource {
  /** Under this name its text outside of `define`s can be called; '' when it cannot. */
  readonly name: string;
  readonly template: ParsedTemplate;
}

/**
 * The `define`s of several files, and the files themselves by their names. Later ones replace earlier ones of the same name
 * unless they are empty (text/template `AddParseTree`).
 */
export function gatherTemplates(sources: readonly TemplateSource[]): TemplateSet {
  const defined = new Map<string, ParsedTemplate>();
  for (const { name, template } of sources) addTo(defined, [...template.defined, [name, template]]);
  return defined;
}

/** The entry with a set in reach; its own `define`s win, for this entry alone. */
export function linkTemplate(entry: ParsedTemplate, set: TemplateSet): ParsedTemplate {
  if (entry.defined.size === 0) return { ...entry, defined: set };
  const defined = new Map<string, ParsedTemplate>();
  addTo(defined, [...set, ...entry.defined]);
  return { ...entry, defined };
}

function addTo(
  defined: Map<string, ParsedTemplate>,
  templates: Iterable<readonly [name: string, template: ParsedTemplate]>,
): void {
  for (const [name, template] of templates) {
    if (name === '' || (defined.has(name) && isEmpty(template.body))) continue;
    defined.set(name, { ...template, defined });
  }
}
