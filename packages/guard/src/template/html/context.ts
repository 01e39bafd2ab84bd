import { type AttributeKind, attributeKind } from './attributes.ts';

/** Elements whose content is no markup. */
type RawElement = 'script' | 'style' | 'textarea' | 'title';

/** Where in a page something stands. */
export interface HtmlContext {
  readonly state:
    | 'text'
    | 'comment'
    | 'rcdata'
    | 'style'
    | 'script'
    | 'tag'
    | 'attributeName'
    | 'afterName'
    | 'beforeValue'
    | 'value';
  /** What ends the attribute's value that this is in: a quote, or `blank` for a value without quotes. */
  readonly delimiter?: '"' | "'" | 'blank';
  readonly element?: RawElement;
  readonly attribute?: AttributeKind;
  /** What was written of an address or of a style sheet before this. */
  readonly before: string;
}

export const IN_TEXT: HtmlContext = { state: 'text', before: '' };

const RAW: ReadonlySet<string> = new Set<RawElement>(['script', 'style', 'textarea', 'title']);
const CONTENT = { script: 'script', style: 'style', textarea: 'rcdata', title: 'rcdata' } as const;

type Step = readonly [next: HtmlContext, length: number];

/** The context behind the first part of a text, and how long that part is (html/template/transition.go). */
export function step(context: HtmlContext, text: string): Step {
  if (context.delimiter !== undefined) return stepValue(context, text);
  const end = context.element && isContent(context) ? endOfRaw(text, context.element) : -1;
  if (end === 0) return [IN_TEXT, 0];
  return stepMarkup(context, end === -1 ? text : text.slice(0, end));
}

const isContent = ({ state }: HtmlContext) => state === 'rcdata' || state === 'style' || state === 'script';

function endOfRaw(text: string, element: RawElement): number {
  for (const match of text.matchAll(/<\/([a-z]+)(?=[> \t\n\f/])/gi))
    if (match[1]!.toLowerCase() === element) return match.index;
  return -1;
}

function stepMarkup(context: HtmlContext, text: string): Step {
  switch (context.state) {
    case 'text':
      return stepText(text);
    case 'comment': {
      const end = text.indexOf('-->');
      return end === -1 ? [context, text.length] : [IN_TEXT, end + 3];
    }
    case 'tag':
      return stepTag(context, text);
    case 'attributeName': {
      const name = NAME.exec(text)?.[0] ?? '';
      return name.length === text.length
        ? [context, text.length]
        : [{ ...context, state: 'afterName' }, name.length];
    }
    case 'afterName': {
      const blanks = blanksOf(text);
      if (blanks === text.length) return [context, text.length];
      if (text[blanks] !== '=') return [{ ...context, state: 'tag' }, blanks];
      return [{ ...context, state: 'beforeValue' }, blanks + 1];
    }
    case 'beforeValue': {
      const blanks = blanksOf(text);
      if (blanks === text.length) return [context, text.length];
      const quote = text[blanks];
      const delimiter = quote === '"' || quote === "'" ? quote : 'blank';
      return [
        { ...context, state: 'value', delimiter, before: '' },
        delimiter === 'blank' ? blanks : blanks + 1,
      ];
    }
    default:
      return [{ ...context, before: context.before + text }, text.length];
  }
}

const NAME = /^[^\s=>]+/;
const TAG = /^<(\/?)([a-z](?:[a-z0-9]|[:-](?=[a-z0-9]))*)/i;
const blanksOf = (text: string) => /^[ \t\n\f\r]*/.exec(text)![0].length;

function stepText(text: string): Step {
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
    if (text.startsWith('<!--', at)) return [{ ...IN_TEXT, state: 'comment' }, at + 4];
    const tag = TAG.exec(text.slice(at));
    if (!tag) continue;
    const [all, slash, name] = tag;
    const lower = name!.toLowerCase();
    const element = slash === '' && RAW.has(lower) ? (lower as RawElement) : undefined;
    return [{ state: 'tag', before: '', ...(element && { element }) }, at + all.length];
  }
  return [IN_TEXT, text.length];
}

function stepTag(context: HtmlContext, text: string): Step {
  const blanks = blanksOf(text);
  if (blanks === text.length) return [context, text.length];
  const { element } = context;
  if (text[blanks] === '>') {
    const next: HtmlContext = element ? { state: CONTENT[element], element, before: '' } : IN_TEXT;
    return [next, blanks + 1];
  }
  const name = NAME.exec(text.slice(blanks))?.[0] ?? '';
  // A stray sign is no name; go past it.
  if (name === '') return [context, blanks + 1];
  const end = blanks + name.length;
  const state = end === text.length ? 'attributeName' : 'afterName';
  return [{ ...context, state, attribute: attributeKind(name) }, end];
}

const ENDS = { '"': /"/, "'": /'/, blank: /[ \t\n\f\r>]/ } as const;

function stepValue(context: HtmlContext, text: string): Step {
  const { delimiter, element } = context;
  const end = text.search(ENDS[delimiter!]);
  if (end === -1) return [{ ...context, before: context.before + text }, text.length];
  const next: HtmlContext = { state: 'tag', before: '', ...(element && { element }) };
  return [next, delimiter === 'blank' ? end : end + 1];
}

/** What a value that is written here is taken for: a name within a tag, a value without quotes behind `=`. */
export function settle(context: HtmlContext): HtmlContext {
  switch (context.state) {
    case 'tag':
    case 'afterName': {
      const { element } = context;
      return { state: 'attributeName', before: '', attribute: 'plain', ...(element && { element }) };
    }
    case 'beforeValue':
      return { ...context, state: 'value', delimiter: 'blank', before: '' };
    default:
      return context;
  }
}
