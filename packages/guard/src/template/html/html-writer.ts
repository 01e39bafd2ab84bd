import type { Pipeline } from '../ast.ts';
import type { TemplateWriter } from '../execution.ts';
import { showValue } from '../format-value.ts';
import { isStringer } from '../values.ts';
import { attributeKind } from './attributes.ts';
import { isSafeHtml, isSafeUrl } from './content.ts';
import { type HtmlContext, IN_TEXT, settle, step } from './context.ts';
import {
  escapeMarkup,
  escapeUnquoted,
  escapeUrl,
  filterCss,
  filterName,
  filterUrl,
  normalizeMarkup,
  normalizeUrl,
  stripTags,
} from './escapers.ts';

type Fail = (message: string) => never;

/**
 * Escapes values by where in a page they stand, as html/template does; comments are left out. Go finds the places
 * by reading a template, this by what is written: it is the same for pages that Go accepts. Values within scripts, sets
 * of sources, and texts or addresses in style sheets are refused.
 */
export function createHtmlWriter(): TemplateWriter {
  let context = IN_TEXT;
  return {
    text(text) {
      const written = writeText(context, text);
      context = written.context;
      return written.text;
    },
    value(value, pipeline, fail) {
      context = settle(context);
      return escapeValue(context, value, escapedBy(pipeline), fail);
    },
  };
}

/** `html` and `urlquery` at the end of a pipeline take the place of the escaper that does the same. */
function escapedBy({ commands }: Pipeline): string | undefined {
  const last = commands.at(-1)?.operands[0];
  return last?.kind === 'function' && (last.name === 'html' || last.name === 'urlquery')
    ? last.name
    : undefined;
}

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return isStringer(value) ? value.goString() : showValue(value);
};

function escapeValue(context: HtmlContext, value: unknown, escaped: string | undefined, fail: Fail): string {
  const text = textOf(value);
  switch (context.state) {
    case 'text':
      return isSafeHtml(value) || escaped === 'html' ? text : escapeMarkup(text);
    case 'rcdata':
      if (escaped === 'html') return text;
      return isSafeHtml(value) ? normalizeMarkup(text) : escapeMarkup(text);
    case 'comment':
      return '';
    case 'attributeName':
      return attributeKind(text) === 'plain' ? filterName(text) : filterName('');
    case 'style':
      return cssValue(context, text, fail);
    case 'script':
      return fail('values within scripts are not supported');
    case 'value':
      return quoted(context, attributeValue(context, value, text, escaped, fail), isSafeHtml(value), escaped);
    default:
      throw new Error(`BUG: a value in ${context.state}`);
  }
}

function quoted(
  { delimiter, attribute }: HtmlContext,
  text: string,
  isHtml: boolean,
  escaped?: string,
): string {
  const shown = isHtml && attribute === 'plain' ? stripTags(text) : text;
  if (delimiter === 'blank') return escapeUnquoted(shown);
  if (escaped === 'html') return shown;
  return isHtml && attribute === 'plain' ? normalizeMarkup(shown) : escapeMarkup(shown);
}

function attributeValue(
  context: HtmlContext,
  value: unknown,
  text: string,
  escaped: string | undefined,
  fail: Fail,
): string {
  switch (context.attribute) {
    case 'url':
      return urlValue(context.before, value, text, escaped);
    case 'css':
      return cssValue(context, text, fail);
    case 'script':
      return fail('values within scripts are not supported');
    case 'srcset':
      return fail('values within srcset are not supported');
    default:
      return text;
  }
}

/** Behind `?` or `#` everything is encoded; at the beginning the scheme must be a safe one. */
function urlValue(before: string, value: unknown, text: string, escaped: string | undefined): string {
  if (escaped === 'urlquery') return text;
  if (/[#?]/.test(before)) return isSafeUrl(value) ? normalizeUrl(text) : escapeUrl(text);
  const isStart = before.trim() === '';
  return normalizeUrl(isStart && !isSafeUrl(value) ? filterUrl(text) : text);
}

/** Whole strings, addresses and comments of a style sheet. */
const CSS_PARTS = /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|url\([^)]*\)|\/\*[\s\S]*?\*\//g;

function cssValue({ before }: HtmlContext, text: string, fail: Fail): string {
  if (/["']|url\(|\/\*/.test(before.replace(CSS_PARTS, '')))
    return fail('values within texts or addresses of style sheets are not supported');
  return filterCss(text);
}

/** A text between actions, without comments and with `&lt;` for what begins no tag. */
function writeText(start: HtmlContext, text: string): { context: HtmlContext; text: string } {
  let context = start;
  let written = '';
  for (let rest = text; rest !== ''; ) {
    const [next, length] = step(context, rest);
    if (length === 0 && next.state === context.state) throw new Error(`BUG: no way on in ${context.state}`);
    written += shown(context, next, rest.slice(0, length));
    rest = rest.slice(length);
    context = next;
  }
  return { context, text: written };
}

const DOCTYPE = /<(?!!doctype)/gi;

function shown(context: HtmlContext, next: HtmlContext, part: string): string {
  if (context.state === 'comment') return '';
  if (context.state === 'style') return withoutComments(part);
  if (context.state !== 'text' && context.state !== 'rcdata') return part;
  // The sign that begins the tag, comment or end is where the text ends.
  const end = next.state === context.state ? part.length : part.lastIndexOf('<');
  const plain = (end === -1 ? part : part.slice(0, end)).replace(DOCTYPE, '&lt;');
  return next.state === 'comment' ? plain : plain + (end === -1 ? '' : part.slice(end));
}

const withoutComments = (css: string) => css.replace(CSS_PARTS, part => (part.startsWith('/*') ? ' ' : part));
