import type { Branch, ParsedTemplate, Pipeline, TemplateNode } from './ast.ts';
import { unquote } from './constants.ts';
import { lexTemplate, type Piece } from './lex.ts';
import { type Names, parsePipeline } from './parse-pipeline.ts';
import { templateError } from './template-error.ts';
import { readTokens, type TokenReader } from './token-reader.ts';

export interface ParseOptions {
  /** Functions that may be called, the built-in ones included. */
  readonly functions: { has(name: string): boolean };
  /** Variables that exist from the start, with their `$`. */
  readonly variables: readonly string[];
}

type Action = Piece & { readonly kind: 'action' };

/** How deep templates may be nested; each level is a stack frame here. */
const MAX_NESTING = 500;

/** Reads a template as text/template/parse/parse.go does. @throws UserError `bad-template` with line and column */
export function parseTemplate(text: string, options: ParseOptions): ParsedTemplate {
  const pieces = lexTemplate(text);
  const defined = new Map<string, ParsedTemplate>();
  const { functions } = options;
  let index = 0;
  let nesting = 0;

  const body = readNodes({ functions, variables: ['$', ...options.variables], loops: 0 }, true);
  const left = pieces[index];
  if (left?.kind === 'action') fail(left.at, `unexpected {{${keywordOf(left)}}}`);
  return { text, body, defined };

  function fail(at: number, message: string): never {
    throw templateError(text, at, message);
  }

  /** Up to an `end`, an `else` or the end of the text, which are left to the caller. */
  function readNodes(scope: Scope, isTop = false): TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (; index < pieces.length; ) {
      const piece = pieces[index]!;
      if (piece.kind === 'text') {
        nodes.push(piece);
        index++;
        continue;
      }
      const keyword = keywordOf(piece);
      if (keyword === 'end' || keyword === 'else') return nodes;
      index++;
      const tokens = readTokens(text, piece);
      if (keyword !== '') tokens.next();
      if (keyword === 'define' && isTop) readDefinition(tokens, piece.at);
      else nodes.push(readAction(tokens, keyword, piece, scope));
    }
    return nodes;
  }

  function readAction(tokens: TokenReader, keyword: string, piece: Action, scope: Scope): TemplateNode {
    const { at } = piece;
    switch (keyword) {
      case 'if':
      case 'with':
      case 'range':
        return readBranch(keyword, tokens, at, scope);
      case 'block': {
        const name = nameOf(tokens, 'block');
        const pipeline = parsePipeline(tokens, scope, 'block');
        readBody(name, at);
        return { kind: 'template', name, pipeline, at };
      }
      case 'template': {
        const name = nameOf(tokens, 'template');
        const pipeline = tokens.isDone() ? undefined : parsePipeline(tokens, scope, 'template');
        return { kind: 'template', name, at, ...(pipeline && { pipeline }) };
      }
      case 'break':
      case 'continue':
        tokens.finish(`{{${keyword}}}`);
        if (scope.loops === 0) fail(at, `{{${keyword}}} outside of {{range}}`);
        return { kind: keyword };
      case 'define':
        return fail(at, '{{define}} stands within another action');
      default:
        return { kind: 'action', pipeline: parsePipeline(tokens, scope, 'an action') };
    }
  }

  function readBranch(kind: Branch['kind'], tokens: TokenReader, at: number, outer: Scope): Branch {
    if (++nesting > MAX_NESTING) fail(at, `more than ${MAX_NESTING} actions within each other`);
    // What the body declares can still be named in the else branch; executing tells whether it exists.
    const scope = { ...outer, variables: [...outer.variables] };
    const pipeline: Pipeline = parsePipeline(tokens, scope, kind);
    const isLoop = kind === 'range' ? 1 : 0;
    const body = readNodes({ ...scope, loops: scope.loops + isLoop });
    const otherwise = readElse(kind, at, scope);
    nesting--;
    return { kind, pipeline, body, otherwise };
  }

  function readElse(kind: Branch['kind'], at: number, scope: Scope): readonly TemplateNode[] {
    const piece = nextAction(kind, at);
    const tokens = readTokens(text, piece);
    const keyword = tokens.next()?.text;
    if (keyword === 'end') {
      tokens.finish('{{end}}');
      return [];
    }
    // `else if` and `else with` share the end of what they belong to.
    const chained = tokens.peek();
    if (chained?.kind === 'keyword' && chained.text === kind && kind !== 'range') {
      tokens.next();
      return [readBranch(kind, tokens, piece.at, scope)];
    }
    tokens.finish('{{else}}');
    const otherwise = readNodes(scope);
    readEnd(kind, at);
    return otherwise;
  }

  function readEnd(kind: string, at: number): void {
    const piece = nextAction(kind, at);
    const tokens = readTokens(text, piece);
    if (tokens.next()!.text !== 'end') fail(piece.at, `{{${kind}}} has an {{else}} too many`);
    tokens.finish('{{end}}');
  }

  /** The `end` or `else` that `readNodes` left. */
  function nextAction(kind: string, at: number): Action {
    const piece = pieces[index];
    if (piece?.kind !== 'action') fail(at, `{{${kind}}} without {{end}}`);
    index++;
    return piece;
  }

  function nameOf(tokens: TokenReader, context: string): string {
    const token = tokens.next();
    if (token?.kind !== 'string')
      return tokens.fail(`expected a name in quotes in {{${context}}}`, token?.at);
    return unquote(token.text) ?? tokens.fail(`${token.text} is no name`, token.at);
  }

  function readDefinition(tokens: TokenReader, at: number): void {
    const name = nameOf(tokens, 'define');
    tokens.finish('{{define}}');
    readBody(name, at);
  }

  function readBody(name: string, at: number): void {
    if (++nesting > MAX_NESTING) fail(at, `more than ${MAX_NESTING} actions within each other`);
    const body = readNodes({ functions, variables: ['$'], loops: 0 });
    nesting--;
    readEnd('define', at);
    const known = defined.get(name);
    if (known && !isEmpty(known.body) && !isEmpty(body))
      fail(at, `the template ${JSON.stringify(name)} is defined twice`);
    if (!known || isEmpty(known.body)) defined.set(name, { text, body, defined });
  }
}

interface Scope extends Names {
  /** How many ranges this stands in. */
  readonly loops: number;
}

/** Texts of blanks alone count as nothing. */
export const isEmpty = (nodes: readonly TemplateNode[]) =>
  nodes.every(node => node.kind === 'text' && node.text.trim() === '');

/** `nil` is a value rather than an action. */
function keywordOf(piece: Action): string {
  const first = piece.tokens.find(token => token.kind !== 'space');
  return first?.kind === 'keyword' && first.text !== 'nil' ? first.text : '';
}
