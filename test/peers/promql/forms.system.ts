import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../packages/guard/src/core/index.ts';
import {
  exprJson,
  formatExpr,
  parseErrorText,
  parseExpr,
  printExpr,
} from '../../../packages/guard/src/promql/index.ts';
import { randomScalar, randomVector } from '../../../packages/guard/src/promql/random-expr.ts';
import { type EngineProcess, startEngine } from '../support/engine-process.ts';
import { createHttpClient, type HttpClient } from '../support/http-client.ts';

/** The same every time; another seed is another corpus. */
const SEED = Number(process.env.SLO_GUARD_FORMS_SEED ?? 1);
const TREES = 1500;
const TEXTS = 3000;

const folder = mkdtempSync(join(tmpdir(), 'slo-guard-forms-'));
let prometheus: EngineProcess;
let client: HttpClient;

beforeAll(async () => {
  prometheus = await startEngine('prometheus', { folder });
  client = createHttpClient(prometheus.address);
});
afterAll(async () => {
  client.close();
  await prometheus.stop();
  rmSync(folder, { recursive: true });
});

/** What is said of an expression: why it is refused, or what it looks like. */
type Forms = { readonly error: string } | { readonly formatted: string; readonly tree: string };

async function theirs(text: string): Promise<Forms> {
  const ask = async (path: string) => {
    const body = `query=${encodeURIComponent(text)}`;
    const answer = await client.post(`/api/v1/${path}`, body, {
      'content-type': 'application/x-www-form-urlencoded',
    });
    return JSON.parse(answer.body) as { error?: string; data: unknown };
  };
  const [format, parse] = await Promise.all([ask('format_query'), ask('parse_query')]);
  if (format.error !== undefined) return { error: format.error };
  return { formatted: format.data as string, tree: JSON.stringify(parse.data) };
}

function ours(text: string): Forms {
  try {
    const expr = parseExpr(text);
    return { formatted: formatExpr(expr), tree: JSON.stringify(exprJson(expr)) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { error: `invalid parameter "query": ${parseErrorText(error)}` };
  }
}

async function differences(texts: readonly string[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const text of texts) {
    const [wanted, got] = [await theirs(text), ours(text)];
    if (JSON.stringify(wanted) !== JSON.stringify(got)) found.push({ text, wanted, got });
  }
  return found;
}

const trees = () =>
  fc.sample(fc.oneof(randomVector, randomScalar), { seed: SEED, numRuns: TREES }).map(printExpr);

const TOKENS = [
  ...[
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ',',
    '+',
    '-',
    '^',
    '==',
    '=',
    '=~',
    '@',
    ':',
    '"x"',
    "'",
    '`',
    '#',
    '\\',
  ],
  ...[
    ' 5m',
    ' 1',
    ' 0x',
    ' foo',
    ' sum',
    ' by',
    ' ON ',
    ' offset ',
    ' bool ',
    ' start',
    'step()',
    ' and ',
    '\n',
  ],
  ...[' group_left ', ' smoothed', 'rate(', ' fill(0) ', 'é', '\u{1f600}', ' Inf', '{{', '</', '__name__'],
];

/** Printed trees with a piece cut out, and tokens put in. */
const broken = () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(6),
    token: fc.constantFrom('', ...TOKENS),
  });
  return fc
    .sample(fc.tuple(fc.oneof(randomVector, randomScalar), fc.array(edit, { minLength: 1, maxLength: 3 })), {
      seed: SEED,
      numRuns: TEXTS,
    })
    .map(([expr, edits]) =>
      edits
        .reduce((text, { at, cut, token }) => {
          const place = Math.floor(at * text.length);
          return text.slice(0, place) + token + text.slice(place + cut);
        }, printExpr(expr))
        .toWellFormed(),
    );
};

const cases = (name: string): string[] =>
  readFileSync(
    new URL(`../../../packages/guard/src/promql/parser/testdata/${name}.jsonl`, import.meta.url),
    'utf8',
  )
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line)[0]);

describe('the real Prometheus and ours make the same of', () => {
  it.each([
    ['what is refused', () => cases('refused')],
    ['what is accepted', () => cases('printed')],
    ['random expressions', trees],
    ['random expressions that were damaged', broken],
  ])('%s', async (_, texts) => {
    expect(await differences(texts())).toEqual([]);
  });
});
