import { createHttpClient, type HttpClient } from '../../test/peers/support/http-client.ts';
import type { QueryRow } from './query-rows.ts';

/** What one query took, milliseconds, medians of the same number of interleaved rounds. */
export interface QueryTimes {
  readonly theirs: number;
  readonly ours: number;
  readonly rounds: number;
}

/** Each side is asked for about this long a row. */
const MILLISECONDS_A_ROW = 6_000;
const FEWEST_ROUNDS = 3;
const MOST_ROUNDS = 300;
/** Asked before the first reading, so that caches and compilers are where they are in a running server. */
const WARM_UP = 2;

interface Timed {
  readonly milliseconds: number;
  readonly body: string;
}

async function ask(client: HttpClient, path: string): Promise<Timed> {
  const startedAt = performance.now();
  const { status, body } = await client.get(path);
  const milliseconds = performance.now() - startedAt;
  if (status !== 200) throw new Error(`answered ${status}: ${body.slice(0, 300)}`);
  return { milliseconds, body };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** @throws when the answers are empty or differ in a single bit: then there is nothing to compare */
export async function measure(
  row: QueryRow,
  addresses: { theirs: string; ours: string },
): Promise<QueryTimes> {
  const clients = {
    theirs: createHttpClient(addresses.theirs, 1),
    ours: createHttpClient(addresses.ours, 1),
  };
  try {
    const first = { theirs: await ask(clients.theirs, row.path), ours: await ask(clients.ours, row.path) };
    assertSame(row, first.theirs.body, first.ours.body);
    for (let i = 1; i < WARM_UP; i++)
      for (const client of Object.values(clients)) await ask(client, row.path);
    const slower = Math.max(first.theirs.milliseconds, first.ours.milliseconds);
    const rounds = Math.min(MOST_ROUNDS, Math.max(FEWEST_ROUNDS, Math.round(MILLISECONDS_A_ROW / slower)));
    const theirs: number[] = [];
    const ours: number[] = [];
    for (let round = 0; round < rounds; round++) {
      theirs.push((await ask(clients.theirs, row.path)).milliseconds);
      ours.push((await ask(clients.ours, row.path)).milliseconds);
    }
    return { theirs: median(theirs), ours: median(ours), rounds };
  } finally {
    for (const client of Object.values(clients)) client.close();
  }
}

function assertSame({ id }: QueryRow, theirs: string, ours: string): void {
  const [expected, actual] = [theirs, ours].map(body => JSON.parse(body).data.result as unknown[]);
  if (expected!.length === 0) throw new Error(`${id}: the answer is empty`);
  if (JSON.stringify(expected) === JSON.stringify(actual)) return;
  throw new Error(
    `${id}: the answers differ (--reload loads the data again):\nprometheus ${theirs.slice(0, 500)}\nslo-guard  ${ours.slice(0, 500)}`,
  );
}
