import type { Branch, Command, Operand, Pipeline, TemplateNode } from './ast.ts';
import { lexTemplate, type Piece, type Token, templateError } from './lex.ts';

export interface ParseOptions {
  /** Functions that may be called, the built-in ones included. */
  readonly functions: { has(name: string): boolean };
  /** Variables that exist from the start, with their `$`. */
  readonly variables: readonly string[];
}

export interface ParsedTemplate {
  readonly text: string;
  readonly body: readonly TemplateNode[];
  /** By `define` and `block`. */
  readonly defined: ReadonlyMap<string, ParsedTemplate>;
}

/** Reads a template. @throws UserError `bad-template` with line and column */
export function parseTemplate(text: string, options: ParseOptions): ParsedTemplate {
  const pieces = lexTemplate(text);
  const defined = new Map<string, ParsedTemplate>();
  let next = 0;
  let scope: string[] = ['$', ...options.variables];
  let loops = 0;

  const body = readNodes();
  if (next < pieces.length) fail(pieceAt(next), `unexpected {{${keywordOf(pieces[next]!)}}}`);
  return { text, body, defined };

  function fail(at: number, message: string): never {
    throw templateError(text, at, message);
  }

  function pieceAt(index: number): number {
    const piece = pieces[index];
    return piece?.kind === 'action' ? piece.at : text.length;
  }

  /** Up to an `end`, an `else` or the end of the text, which are left to the caller. */
  function readNodes(): TemplateNode[] {
    const nodes: TemplateNode[] = [];
    for (; next < pieces.length; ) {
      const piece = pieces[next]!;
      if (piece.kind === 'text') {
        nodes.push(piece);
        next++;
        continue;
      }
      const keyword = keywordOf(piece);
      if (keyword === 'end' || keyword === 'else') return nodes;
      next++;
      const node = readAction(piece, keyword);
      if (node) nodes.push(node);
    }
    return nodes;
  }

  function readAction(piece: Piece & { kind: 'action' }, keyword: string): TemplateNode | undefined {
    const tokens = createReader(piece);
    switch (keyword) {
      case 'if':
      case 'with':
      case 'range':
        tokens.word();
        return readBranch(keyword, tokens, piece.at);
      case 'define':
        tokens.word();
        readDefinition(tokens, piece.at);
        return undefined;
      case 'block': {
        tokens.word();
        const name = tokens.string();
        const pipeline = readPipeline(tokens);
        defineBody(name, piece.at);
        return { kind: 'template', name, pipeline, at: piece.at };
      }
      case 'template': {
        tokens.word();
        const name = tokens.string();
        return tokens.isDone()
          ? { kind: 'template', name, at: piece.at }
          : { kind: 'template', name, pipeline: readPipeline(tokens), at: piece.at };
      }
      case 'break':
      case 'continue':
        if (loops === 0) fail(piece.at, `{{${keyword}}} outside of {{range}}`);
        return { kind: keyword };
      default:
        return { kind: 'action', pipeline: readPipeline(tokens) };
    }
  }

  function readBranch(kind: Branch['kind'], tokens: Reader, at: number): Branch {
    const outer = scope;
    scope = [...scope];
    const pipeline = readPipeline(tokens, kind === 'range');
    if (kind === 'range') loops++;
    const body = scoped(readNodes);
    if (kind === 'range') loops--;
    const otherwise = readElse(kind, at);
    scope = outer;
    return { kind, pipeline, body, otherwise };
  }

  function readElse(kind: Branch['kind'], at: number): readonly TemplateNode[] {
    const piece = pieces[next];
    if (piece?.kind !== 'action') fail(at, `{{${kind}}} without {{end}}`);
    next++;
    if (keywordOf(piece) === 'end') return [];
    const tokens = createReader(piece);
    tokens.word();
    // `else if` and `else with` share the end of what they belong to.
    const chained = tokens.peekWord();
    if (chained === 'if' || (chained === 'with' && kind === 'with')) {
      tokens.word();
      return [readBranch(chained, tokens, piece.at)];
    }
    if (!tokens.isDone()) fail(piece.at, 'unexpected words behind else');
    const otherwise = scoped(readNodes);
    const end = pieces[next];
    if (end?.kind !== 'action' || keywordOf(end) !== 'end') fail(at, `{{${kind}}} without {{end}}`);
    next++;
    return otherwise;
  }

  function readDefinition(tokens: Reader, at: number): void {
    const name = tokens.string();
    if (!tokens.isDone()) fail(at, 'unexpected words behind the name of {{define}}');
    defineBody(name, at);
  }

  function defineBody(name: string, at: number): void {
    const outer = scope;
    scope = ['$'];
    const body = readNodes();
    scope = outer;
    const end = pieces[next];
    if (end?.kind !== 'action' || keywordOf(end) !== 'end')
      fail(at, `template ${JSON.stringify(name)} without {{end}}`);
    next++;
    defined.set(name, { text, body, defined });
  }

  function scoped<T>(read: () => T): T {
    const outer = scope;
    scope = [...scope];
    const result = read();
    scope = outer;
    return result;
  }

  function readPipeline(tokens: Reader, isRange = false): Pipeline {
    const { variables, declares } = readVariables(tokens, isRange);
    const commands: Command[] = [];
    do commands.push(readCommand(tokens, commands.length > 0));
    while (tokens.take('|'));
    if (!tokens.isDone() && !tokens.peek(')')) fail(tokens.at(), 'unexpected words in an action');
    if (declares) scope.push(...variables);
    return { variables, declares, commands };
  }

  function readVariables(tokens: Reader, isRange: boolean): { variables: string[]; declares: boolean } {
    const found = tokens.declaration(isRange ? 2 : 1);
    if (!found) return { variables: [], declares: false };
    if (!found.declares) for (const name of found.variables) checkVariable(name, tokens.at());
    return found;
  }

  function checkVariable(name: string, at: number): void {
    if (!scope.includes(name)) fail(at, `undefined variable ${JSON.stringify(name)}`);
  }

  function readCommand(tokens: Reader, isPiped: boolean): Command {
    const first = readOperand(tokens);
    if (!first) fail(tokens.at(), 'missing value for an action');
    const operands: [Operand, ...Operand[]] = [first];
    for (let operand = readOperand(tokens); operand; operand = readOperand(tokens)) operands.push(operand);
    if (isPiped && (first.kind === 'constant' || first.kind === 'dot' || first.kind === 'nil')) {
      fail(first.at, 'a value that is no function stands behind |');
    }
    return { operands };
  }

  function readOperand(tokens: Reader): Operand | undefined {
    const token = tokens.operand();
    if (!token) return undefined;
    const { at, text: shown } = token;
    switch (token.kind) {
      case 'dot':
        return { kind: 'dot', at };
      case 'field':
        return { kind: 'field', path: [shown.slice(1), ...tokens.fields()], at };
      case 'variable':
        checkVariable(shown, at);
        return { kind: 'variable', name: shown, path: tokens.fields(), at };
      case 'string':
        return { kind: 'constant', value: shown, at };
      case 'char':
        return { kind: 'constant', value: BigInt(shown.codePointAt(0) ?? 0), at };
      case 'number':
        return {
          kind: 'constant',
          value: /^[+-]?(?:\d+|0[xX][\da-fA-F]+)$/.test(shown) ? integerOf(shown) : Number(shown),
          at,
        };
      case 'word':
        return readWord(shown, at);
      default: {
        const pipeline = readPipeline(tokens);
        if (!tokens.take(')')) fail(at, 'unclosed parenthesis');
        return { kind: 'pipeline', pipeline, path: tokens.fields(), at };
      }
    }
  }

  function readWord(word: string, at: number): Operand {
    if (word === 'true' || word === 'false') return { kind: 'constant', value: word === 'true', at };
    if (word === 'nil') return { kind: 'nil', at };
    if (!options.functions.has(word)) fail(at, `function ${JSON.stringify(word)} not defined`);
    return { kind: 'function', name: word, at };
  }

  function createReader(piece: Piece & { kind: 'action' }): Reader {
    return readerOf(piece.tokens, piece.at, fail);
  }
}

const integerOf = (text: string): bigint =>
  text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text.replace(/^\+/, ''));

function keywordOf(piece: Piece): string {
  if (piece.kind === 'text') return '';
  const first = piece.tokens.find(token => token.kind !== 'space');
  return first?.kind === 'word' ? first.text : '';
}

type Reader = ReturnType<typeof readerOf>;

/** Walks over an action's tokens; blanks separate operands and end a chain of fields. */
function readerOf(tokens: readonly Token[], start: number, fail: (at: number, message: string) => never) {
  let next = 0;
  const skip = () => {
    while (tokens[next]?.kind === 'space') next++;
    return tokens[next];
  };
  const at = () => skip()?.at ?? tokens.at(-1)?.at ?? start;
  const isSymbol = (token: Token | undefined, text: string) =>
    token?.kind === 'symbol' && token.text === text;
  return {
    at,
    isDone: () => skip() === undefined,
    peek: (symbol: string) => isSymbol(skip(), symbol),
    peekWord: () => (skip()?.kind === 'word' ? skip()!.text : undefined),
    take(symbol: string): boolean {
      if (!isSymbol(skip(), symbol)) return false;
      next++;
      return true;
    },
    word(): void {
      skip();
      next++;
    },
    string(): string {
      const token = skip();
      if (token?.kind !== 'string') return fail(at(), 'expected a name in quotes');
      next++;
      return token.text;
    },
    /** `$a :=`, `$a =` or, in a range, `$a, $b :=`; nothing is consumed when none stands here. */
    declaration(most: number): { variables: string[]; declares: boolean } | undefined {
      skip();
      const begin = next;
      const variables: string[] = [];
      while (variables.length < most && skip()?.kind === 'variable') {
        variables.push(tokens[next]!.text);
        next++;
        if (!isSymbol(skip(), ',')) break;
        next++;
      }
      const token = skip();
      if (variables.length > 0 && (isSymbol(token, ':=') || isSymbol(token, '='))) {
        next++;
        return { variables, declares: token!.text === ':=' };
      }
      next = begin;
      return undefined;
    },
    operand(): Token | undefined {
      const token = skip();
      if (!token || (token.kind === 'symbol' && token.text !== '(')) return undefined;
      const before = tokens[next - 1];
      if (before && before.kind !== 'space' && before.kind !== 'symbol') {
        fail(token.at, `unexpected ${JSON.stringify(token.text)} without a space before it`);
      }
      next++;
      return token;
    },
    fields(): string[] {
      const path: string[] = [];
      for (; tokens[next]?.kind === 'field'; next++) path.push(tokens[next]!.text.slice(1));
      return path;
    },
  };
}
