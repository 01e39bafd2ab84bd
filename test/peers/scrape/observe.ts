import { createHttpClient } from '../support/http-client.ts';

/** Asks an engine about what it scraped. */
export interface Observer {
  /** What is stored of a job, in terms of its scrapes: see `Stored`. */
  stored(selector: string, scrapes: number): Promise<Stored>;
  /** How many scrapes of the selector's target are stored. */
  scrapes(selector: string): Promise<number>;
  data<T>(path: string): Promise<T>;
  close(): void;
}

/**
 * Both engines scrape at instants of their own, so samples are told by the number of the scrape whose instant they
 * have; those with timestamps of their own by these.
 */
export interface Stored {
  /** The series that a query at the instant of each scrape finds, with their values. */
  readonly seen: readonly Readonly<Record<string, string>>[];
  /** The samples of each series, `#n` or a timestamp in seconds, with values. */
  readonly samples: Readonly<Record<string, readonly string[]>>;
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

/** Not the same twice. */
const UNCOMPARABLE = 'scrape_duration_seconds';

export function createObserver(address: string): Observer {
  const client = createHttpClient(address);

  async function data<T>(path: string): Promise<T> {
    const { status, body } = await client.get(`/api/v1/${path}`);
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
    return (JSON.parse(body) as { data: T }).data;
  }

  async function query(expression: string, time?: number): Promise<readonly Series[]> {
    const at = time === undefined ? '' : `&time=${time}`;
    return (await data<{ result: Series[] }>(`query?query=${encodeURIComponent(expression)}${at}`)).result;
  }

  async function instants(selector: string): Promise<number[]> {
    const [up] = await query(`up${selector}[20m]`);
    return (up?.values ?? []).map(([time]) => time);
  }

  return {
    data,
    scrapes: async selector => (await instants(selector)).length,
    async stored(selector, scrapes) {
      const times = (await instants(selector)).slice(0, scrapes);
      const seen = [];
      for (const time of times) seen.push(await seenAt(time));
      const last = times.at(-1)!;
      const samples: Record<string, string[]> = {};
      for (const { metric, values } of await query(`${selector}[20m]`, last)) {
        if (metric.__name__ === UNCOMPARABLE) continue;
        samples[nameOf(metric)] = values!.map(([time, value]) => `${placeOf(time, times)} ${value}`);
      }
      return { seen, samples };

      async function seenAt(time: number) {
        const series = (await query(selector, time)).filter(({ metric }) => metric.__name__ !== UNCOMPARABLE);
        return Object.fromEntries(series.map(({ metric, value }) => [nameOf(metric), value![1]]));
      }
    },
    close: () => client.close(),
  };
}

const nameOf = (metric: Readonly<Record<string, string>>) =>
  JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)));

function placeOf(time: number, scrapes: readonly number[]): string {
  const n = scrapes.indexOf(time);
  return n === -1 ? String(time) : `#${n}`;
}
