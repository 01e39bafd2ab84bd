import type { Command, Operand, Pipeline } from './ast.ts';
import { readCharacter, readNumber, unquote } from './constants.ts';
import type { Token } from './lex.ts';
import type { TokenReader } from './token-reader.ts';

/** What may be named where a pipeline stands. Reading declarations adds to the variables. */
export interface Names {
  readonly functions: { has(name: string): boolean };
  readonly variables: string[];
}

/** Parentheses in parentheses; Go allows 10,000, which would be too deep a stack here. */
const MAX_DEPTH = 500;

/** Reads a pipeline up to the end of the action, or to `)` where it stands in parentheses (parse.go `pipeline`). */
export function parsePipeline(tokens: TokenReader, names: Names, context: string, depth = 0): Pipeline {
  if (depth > MAX_DEPTH) tokens.fail(`more than ${MAX_DEPTH} parentheses within each other`);
  const at = tokens.at();
  const { variables, declares } = parseVariables(tokens, names, context);
  const commands: Command[] = [];
  const isOver = () => (depth === 0 ? tokens.isDone() : isClosing(tokens.peek()));
  while (!isOver()) {
    const start = tokens.at();
    const command = parseCommand(tokens, names, context, depth);
    if (commands.length > 0 && NOT_EXECUTABLE.has(command.operands[0].kind))
      tokens.fail('a value that is no function stands behind |', start);
    commands.push(command);
  }
  if (commands.length === 0) tokens.fail(`missing value for ${context}`);
  return { at, variables, declares, commands };
}

const isClosing = (token: Token | undefined) => token?.kind === 'symbol' && token.text === ')';

const NOT_EXECUTABLE: ReadonlySet<Operand['kind']> = new Set(['bool', 'dot', 'nil', 'number', 'text']);

/** `$a :=`, `$a =`, or in a range `$a, $b :=`; nothing is consumed when none stands here. */
function parseVariables(
  tokens: TokenReader,
  names: Names,
  context: string,
): { variables: string[]; declares: boolean } {
  const variables: string[] = [];
  for (;;) {
    const mark = tokens.mark();
    const variable = tokens.peek();
    if (variable?.kind !== 'variable') return { variables, declares: true };
    tokens.next();
    const declares = tokens.take(':=');
    if (declares || tokens.take('=')) {
      variables.push(variable.text);
      names.variables.push(variable.text);
      return { variables, declares };
    }
    if (!tokens.take(',')) {
      tokens.reset(mark);
      return { variables, declares: true };
    }
    variables.push(variable.text);
    names.variables.push(variable.text);
    if (context !== 'range' || variables.length > 1) tokens.fail(`too many declarations in ${context}`);
    const next = tokens.peek();
    if (next && next.kind !== 'variable') tokens.fail('range can only initialize variables');
  }
}

function parseCommand(tokens: TokenReader, names: Names, context: string, depth: number): Command {
  const operands: Operand[] = [];
  for (;;) {
    const operand = parseOperand(tokens, names, depth);
    if (operand) operands.push(operand);
    const token = tokens.adjacent();
    if (token?.kind === 'space') {
      tokens.peek();
      if (operand) continue;
    }
    if (tokens.take('|') || tokens.isDone() || isClosing(tokens.peek())) break;
    tokens.fail(`unexpected ${JSON.stringify(tokens.peek()!.text)} in ${context}`);
  }
  const [first, ...rest] = operands;
  if (!first) return tokens.fail('empty command');
  return { operands: [first, ...rest] };
}

function parseOperand(tokens: TokenReader, names: Names, depth: number): Operand | undefined {
  const operand = parseTerm(tokens, names, depth);
  if (!operand) return undefined;
  const path = parsePath(tokens);
  if (path.length === 0) return operand;
  switch (operand.kind) {
    case 'field':
    case 'variable':
      return { ...operand, path: [...operand.path, ...path] };
    case 'function':
    case 'pipeline':
    case 'chain':
      return { kind: 'chain', operand, path, at: operand.at };
    default:
      return tokens.fail('a field of a value that has none', operand.at);
  }
}

function parsePath(tokens: TokenReader): string[] {
  const path: string[] = [];
  for (let token = tokens.adjacent(); token?.kind === 'field'; token = tokens.adjacent()) {
    path.push(token.text.slice(1));
    tokens.next();
  }
  return path;
}

function parseTerm(tokens: TokenReader, names: Names, depth: number): Operand | undefined {
  const token = tokens.peek();
  if (!token) return undefined;
  if (token.kind === 'symbol' && token.text !== '(') return undefined;
  tokens.next();
  const { at, text } = token;
  switch (token.kind) {
    case 'dot':
      return { kind: 'dot', at };
    case 'field':
      return { kind: 'field', path: [text.slice(1)], at };
    case 'variable':
      if (!names.variables.includes(text)) tokens.fail(`undefined variable ${JSON.stringify(text)}`, at);
      return { kind: 'variable', name: text, path: [], at };
    case 'string':
      return {
        kind: 'text',
        value: unquote(text) ?? tokens.fail(`${text} holds an escape that does not exist`, at),
        at,
      };
    case 'char':
    case 'number':
      return numberOperand(tokens, token);
    case 'identifier':
      return wordOperand(tokens, names, token);
    case 'keyword':
      if (text === 'nil') return { kind: 'nil', at };
      return tokens.fail(`unexpected ${text} in an action`, at);
    default: {
      const pipeline = parsePipeline(tokens, names, 'parentheses', depth + 1);
      tokens.take(')');
      return { kind: 'pipeline', pipeline, at };
    }
  }
}

function wordOperand(tokens: TokenReader, names: Names, { at, text }: Token): Operand {
  if (text === 'true' || text === 'false') return { kind: 'bool', value: text === 'true', at };
  if (!names.functions.has(text)) tokens.fail(`function ${JSON.stringify(text)} not defined`, at);
  return { kind: 'function', name: text, at };
}

function numberOperand(tokens: TokenReader, { kind, at, text }: Token): Operand {
  if (kind === 'char') {
    const integer = readCharacter(text);
    if (integer === undefined) return tokens.fail(`${text} is not one character`, at);
    return { kind: 'number', number: { text, integer, float: Number(integer), isFloat: false }, at };
  }
  const number = readNumber(text);
  return typeof number === 'string' ? tokens.fail(`${number}: ${text}`, at) : { kind: 'number', number, at };
}
