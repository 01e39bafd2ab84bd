import type { MatchOperator } from '../core/index.ts';
import type { MatcherParts } from './matcher-parts.ts';

const SHAPE = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(=~|=|!=|!~)\s*(.*?)\s*$/s;

/**
 * The classic form (Alertmanager pkg/labels): tolerant, values may go without quotes. Throws on what it cannot read.
 */
export function parseClassicMatchers(text: string): MatcherParts[] {
  const inner = text.replace(/^\{/, '').replace(/\}$/, '');
  return splitAtCommas(inner).map(parseClassicMatcher);
}

/** Commas inside double quotes do not separate; a comma at the end is allowed. */
function splitAtCommas(text: string): string[] {
  const tokens: string[] = [];
  let token = '';
  let quoted = false;
  let escaped = false;
  for (const char of text) {
    if (char === ',' && !quoted) {
      tokens.push(token);
      token = '';
      continue;
    }
    if (char === '"' && !escaped) quoted = !quoted;
    escaped = char === '\\' && !escaped;
    token += char;
  }
  if (token.trim() !== '') tokens.push(token.trim());
  return tokens;
}

/** One matcher without braces. Throws on what it cannot read. */
export function parseClassicMatcher(text: string): MatcherParts {
  const match = SHAPE.exec(text);
  if (!match) throw new Error(`bad matcher format: ${text}`);
  const [, name, operator, raw] = match;
  return { name: name!, operator: operator as MatchOperator, value: unescapeValue(raw!) };
}

function unescapeValue(raw: string): string {
  const quoted = raw.startsWith('"');
  const body = quoted ? raw.slice(1) : raw;
  let value = '';
  let closed = !quoted;
  for (let i = 0; i < body.length; i++) {
    const char = body[i]!;
    const last = i === body.length - 1;
    if (char === '\\' && !last) {
      i++;
      value += unescapeChar(body[i]!);
    } else if (char === '"') {
      if (closed || !last) throw new Error(`matcher value contains unescaped double quote: ${raw}`);
      closed = true;
    } else value += char;
  }
  if (!closed) throw new Error(`matcher value contains unescaped double quote: ${raw}`);
  return value;
}

/** A backslash before anything else stands for itself. */
function unescapeChar(char: string): string {
  if (char === 'n') return '\n';
  return char === '"' || char === '\\' ? char : `\\${char}`;
}
