import { createRng, type Rng } from '../../../packages/guard/src/core/index.ts';
import { type Answer, OPEN_METRICS, TEXT } from './case.ts';

const NAMES = [
  'm',
  'foo',
  'foo_total',
  'foo_created',
  'h_bucket',
  'h_count',
  'h_sum',
  's',
  's_sum',
  'a:b',
  '_x',
  'le',
];
const VALUES = [
  ...['1', '0', '-0', '1.5', '+Inf', '-Inf', 'NaN', '1e3', '0.1', '123456789012345678', '5.', '.5', '-3.25'],
  ...[
    '999999999999999',
    '9999999999999999',
    'inf',
    '00012',
    '1.7976931348623157e308',
    '.',
    '0x1',
    '1_0',
    '1e999',
  ],
];
const LABELS = ['a', 'b', 'le', 'quantile', '"q.n"', 'x1'];
const LABEL_VALUES = [
  '""',
  '"1"',
  '"1e3"',
  '"Inf"',
  '"a\\"b"',
  '"a\\\\"',
  '"a\\nb"',
  '"a\nb"',
  '"é"',
  '"\\q"',
  '"} 1"',
];
const HELPS = ['help', 'a \\n b', '', 'x \\" y', 'é'];
const COMMENTS = ['', '# c', '#', '  ', '\t', '# HELPx', '#TYPE m gauge'];
const TYPES = ['counter', 'gauge', 'histogram', 'summary'];

/** Bodies out of the pieces of the formats, most of them nearly right. */
export function createRandomBodies(seed: number): () => Answer {
  const rng = createRng(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(rng.next() * list.length)]!;
  const chance = (p: number) => rng.next() < p;

  function series(): string {
    const isQuoted = chance(0.1);
    const labels = Array.from(
      { length: Math.floor(rng.next() * 4) },
      () => `${pick(LABELS)}=${pick(LABEL_VALUES)}`,
    );
    if (isQuoted) labels.unshift('"foo.bar"');
    const block =
      labels.length > 0 ? `{${labels.join(chance(0.05) ? ' ' : ',')}${chance(0.1) ? ',' : ''}}` : '';
    return `${isQuoted ? '' : pick(NAMES)}${chance(0.03) ? ' ' : ''}${block}`;
  }

  function line(open: boolean): string {
    const kind = rng.next();
    if (kind < 0.1) return `# HELP ${pick(NAMES)} ${pick(HELPS)}`;
    if (kind < 0.25)
      return `# TYPE ${pick(['foo', 'h', 's', '"foo.bar"'])} ${pick([...TYPES, open ? 'info' : 'untyped'])}`;
    if (kind < 0.3 && !open) return pick(COMMENTS);
    const exemplar =
      open && chance(0.15) ? ` # {${pick(['', 'trace_id="x"', 'a="1",b="2"'])}} ${pick(VALUES)}` : '';
    return `${series()} ${pick(chance(0.8) ? VALUES.slice(0, 16) : VALUES)}${exemplar}`;
  }

  return () => {
    const open = chance(0.5);
    const lines = Array.from({ length: 1 + Math.floor(rng.next() * 7) }, () => line(open));
    const end = open && chance(0.95) ? '# EOF\n' : '';
    const body = mutated(`${lines.join('\n')}\n${end}`, rng);
    return { type: open ? OPEN_METRICS : TEXT, body };
  };
}

const INSERTED = ['\t', '\n', '\r', ' ', '"', '#', ',', '=', '\\', '{', '}', 'A', '1'];

/** One body in four loses or gains a character. */
function mutated(body: string, rng: Rng): string {
  if (rng.next() > 0.25) return body;
  const at = Math.floor(rng.next() * body.length);
  const inserted = INSERTED[Math.floor(rng.next() * INSERTED.length)]!;
  return rng.next() < 0.5
    ? body.slice(0, at) + inserted + body.slice(at)
    : body.slice(0, at) + body.slice(at + 1);
}
