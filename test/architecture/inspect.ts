import { dirname, posix, relative, sep } from 'node:path';
import { parseSync } from 'oxc-parser';
import { BANNED_CALLS, DOORS, NATIVE_REGEXP, ROOMS } from './rules.ts';

/** One source file of the guard: its path under `packages/guard/src`, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

interface AstNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is AstNode =>
  typeof value === 'object' && value !== null && typeof (value as AstNode).type === 'string';

function* nodesOf(value: unknown): Generator<AstNode> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesOf(item);
  } else if (isNode(value)) {
    yield value;
    for (const child of Object.values(value)) yield* nodesOf(child);
  }
}

/** What is wrong with one file, a sentence each. */
export function inspect(file: SourceFile): string[] {
  const parsed = parseSync(file.path, file.text);
  if (parsed.errors.length > 0) return [`${file.path}: ${parsed.errors[0]!.message}`];
  const nodes = [...nodesOf(parsed.program)];
  const isTest = /\.(test|system)\.ts$/.test(file.path) || /\/testing(\.ts|\/)/.test(file.path);
  return [...importProblems(file, nodes), ...(isTest ? [] : callProblems(file, nodes))];
}

function importProblems(file: SourceFile, nodes: readonly AstNode[]): string[] {
  const from = roomOf(file.path);
  const problems: string[] = [];
  for (const node of nodes) {
    if (node.type === 'ExportAllDeclaration')
      problems.push(`${file.path}: \`export *\` hides what the room offers`);
    const specifier = specifierOf(node);
    if (specifier?.startsWith('.') !== true) continue;
    const target = posix.normalize(posix.join(dirname(file.path).split(sep).join('/'), specifier));
    const to = roomOf(target);
    if (to === from) continue;
    const allowed = ROOMS[from];
    const isTest = /\.(test|system)\.ts$/.test(file.path);
    if (!allowed)
      problems.push(`${file.path}: the room ${from} is not in the table of test/architecture/rules.ts`);
    else if (!isTest && !allowed.includes('*') && !allowed.includes(to)) {
      problems.push(
        `${file.path}: ${from} must not import ${to}; it may import ${allowed.join(', ') || 'nothing'}`,
      );
    } else if (!isTest && !isDoor(to, target)) {
      problems.push(`${file.path}: import ${to}/index.ts, not its inside ${target}`);
    }
  }
  return problems;
}

function specifierOf(node: AstNode): string | undefined {
  const isImport =
    node.type === 'ImportDeclaration' ||
    node.type === 'ImportExpression' ||
    node.type === 'ExportNamedDeclaration';
  const source = isImport ? node.source : undefined;
  return isNode(source) && typeof source.value === 'string' ? source.value : undefined;
}

function callProblems(file: SourceFile, nodes: readonly AstNode[]): string[] {
  const called = nodes.filter(node => node.type === 'CallExpression' || node.type === 'NewExpression');
  return called.flatMap(node => {
    const args = node.arguments as readonly AstNode[];
    const name = `${node.type === 'NewExpression' ? 'new ' : ''}${dotted(node.callee)}`;
    const shown = name === 'new Date' && args.length === 0 ? 'new Date()' : name;
    const ban = BANNED_CALLS.find(({ call, allowedIn }) => call === shown && !allowedIn.includes(file.path));
    if (ban) return [`${file.path}: not ${ban.call}; use ${ban.instead}`];
    const userRegexp = shown === NATIVE_REGEXP.call && args[0]?.type !== 'Literal';
    return userRegexp
      ? [`${file.path}: ${NATIVE_REGEXP.call} of a variable; use ${NATIVE_REGEXP.instead}`]
      : [];
  });
}

function dotted(node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'Identifier') return node.name as string;
  if (node.type === 'MemberExpression' && node.computed === false)
    return `${dotted(node.object)}.${dotted(node.property)}`;
  return '';
}

const isDoor = (room: string, path: string) =>
  ['index.ts', ...(DOORS[room] ?? [])].some(door => path === `${room}/${door}`);

/** The first folder of a path under `packages/guard/src`. */
const roomOf = (path: string) => path.split('/')[0]!;

/** The path under `root`, with forward slashes. */
export const pathUnder = (root: string, path: string) => relative(root, path).split(sep).join('/');
