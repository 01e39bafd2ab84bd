import { createHttpClient, type HttpClient } from '../../test/peers/support/http-client.ts';
import { median } from './row.ts';

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
/** Rounds before the first reading, so that caches and compilers are where they are in a running server. */
const WARM_UP_MILLISECONDS = 500;
const MOST_WARM_UPS = 50;

interface Timed {
  readonly milliseconds: number;
  readonly body: string;
}

async function ask(client: HttpClient, path: string): Promise<Timed> {
  const startedAt = performance.now();
  const { status, body } = await client.get(path);
  const milliseconds = performance.now() - startedAt;
  if (status !== 200) throw new Error(`${path} was answered with ${status}: ${body.slice(0, 300)}`);
  return { milliseconds, body };
}

const within = (least: number, value: number, most: number) => Math.min(most, Math.max(least, value));

/**
 * Asks both the same question in turn. @throws when the answers are empty or differ in a single bit: then there is
 * nothing to compare
 */
export async function measureQuery(
  path: string,
  addresses: { readonly theirs: string; readonly ours: string },
): Promise<QueryTimes> {
  const clients = [createHttpClient(addresses.theirs, 1), createHttpClient(addresses.ours, 1)] as const;
  const times: [number[], number[]] = [[], []];
  async function rounds(count: number, keep: boolean): Promise<void> {
    for (let round = 0; round < count; round++)
      for (const [i, client] of clients.entries()) {
        const { milliseconds } = await ask(client, path);
        if (keep) times[i]!.push(milliseconds);
      }
  }
  try {
    const first = [await ask(clients[0], path), await ask(clients[1], path)] as const;
    assertSame(path, first[0].body, first[1].body);
    const slower = Math.max(...first.map(({ milliseconds }) => milliseconds));
    await rounds(within(0, Math.floor(WARM_UP_MILLISECONDS / slower), MOST_WARM_UPS), false);
    await rounds(within(FEWEST_ROUNDS, Math.round(MILLISECONDS_A_ROW / slower), MOST_ROUNDS), true);
    return { theirs: median(times[0]), ours: median(times[1]), rounds: times[0].length };
  } finally {
    for (const client of clients) client.close();
  }
}

function assertSame(path: string, theirs: string, ours: string): void {
  const [expected, actual] = [theirs, ours].map(body => JSON.parse(body).data.result as unknown[]);
  if (expected!.length === 0) throw new Error(`${path}: the answer is empty`);
  if (JSON.stringify(expected) === JSON.stringify(actual)) return;
  throw new Error(
    `${path}: the answers differ (--reload loads the data again):\nprometheus ${theirs.slice(0, 500)}\nslo-guard  ${ours.slice(0, 500)}`,
  );
}
