import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '../../../packages/guard/src/core/index.ts';
import { type EngineProcess, startEngine } from '../support/engine-process.ts';
import { createHttpClient } from '../support/http-client.ts';
import { remoteWrite, type SentSeries, writeBody } from '../support/write-request.ts';
import { generateData } from './data.ts';
import { type Clients, judge, type Verdict } from './judge.ts';
import { createGrammar, type Question, question, type When } from './question.ts';
import { shrink } from './shrink.ts';
import { textOf } from './term.ts';
import { vocabularyOf } from './vocabulary.ts';

/** Questions on the way at any moment. */
const AT_ONCE = 6;

type Difference = Extract<Verdict, { kind: 'different' }>;

/** A query that the engines answer differently. */
export interface Finding {
  readonly seed: number;
  readonly query: string;
  readonly when: When;
  /** The smallest part of it that still does, and how. */
  readonly minimal: string;
  readonly difference: Difference;
}

/** Both engines with the data of one seed. */
export interface Pair {
  readonly clients: Clients;
  readonly data: readonly SentSeries[];
  stop(): Promise<void>;
}

export async function startPair(seed: number): Promise<Pair> {
  const data = generateData(createRng(seed));
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-differential-'));
  const engines: EngineProcess[] = [];
  const stop = async () => {
    await Promise.all(engines.map(engine => engine.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    engines.push(await startEngine('prometheus', { folder: join(folder, 'prometheus') }));
    engines.push(await startEngine('slo-guard', { folder: join(folder, 'slo-guard') }));
    const [theirs, ours] = engines.map(({ address }) => createHttpClient(address, AT_ONCE));
    const body = writeBody(data);
    await Promise.all([remoteWrite(theirs!, body), remoteWrite(ours!, body)]);
    return { clients: { theirs: theirs!, ours: ours! }, data, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What came of a seed's questions. */
export interface Findings {
  readonly asked: number;
  readonly different: readonly Finding[];
  /** Queries to which Prometheus has several answers and ours is none of them. */
  readonly varying: readonly string[];
}

/** Asks `count` questions of the seed; stops early after `most` that are answered differently. */
export async function findDifferences(pair: Pair, seed: number, count: number, most = 10): Promise<Findings> {
  const grammar = createGrammar(createRng(seed ^ 0x5eed), vocabularyOf(pair.data));
  const different: Finding[] = [];
  const varying: string[] = [];
  let asked = 0;
  async function worker(): Promise<void> {
    while (asked < count && different.length < most) {
      asked++;
      const { query, when } = question(grammar);
      const verdict = await judge(pair.clients, textOf(query), when);
      if (verdict.kind === 'varies') varying.push(textOf(query));
      if (verdict.kind === 'different') different.push(await minimised(pair, seed, { query, when }, verdict));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { asked, different, varying };
}

async function minimised(
  pair: Pair,
  seed: number,
  { query, when }: Question,
  first: Difference,
): Promise<Finding> {
  let difference = first;
  const fails = async (candidate: typeof query) => {
    const verdict = await judge(pair.clients, textOf(candidate), when);
    if (verdict.kind === 'different') difference = verdict;
    return verdict.kind === 'different';
  };
  const minimal = textOf(await shrink(query, fails));
  return { seed, query: textOf(query), when, minimal, difference };
}
