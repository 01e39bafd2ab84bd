import type { DatabaseSync } from 'node:sqlite';
import type { Alert } from './alert.ts';
import type { Row } from './state-rows.ts';

/** What a sender says again and again of an alert that goes on: everything else about it stays. */
type Refresh = readonly [fingerprint: string, endsAt: number, updatedAt: number, timeout: 0 | 1];

/** Refreshes as they came, a row for each batch: to rewrite the rows of alerts would touch a page for each of them. */
export interface RefreshLog {
  /** Number of the last batch; 0 when there was none. */
  last(): number;
  add(alerts: readonly Alert[]): void;
  /** Whether so much was written that it should be folded. */
  isLong(): boolean;
  /** Exchanges what was written for how things stand. */
  fold(alerts: readonly Alert[]): void;
  /** The alert with the refreshes that its row does not know of. */
  applied(alert: Alert, known: number): Alert;
}

/** Below this, characters, nothing is folded. */
const LEAST_FOLDED = 1_048_576;
/** How much longer than how things stand the log may become. */
const FACTOR = 4;

/** Over a database with the tables `refreshes` and `alerts`, whose rows know of refreshes by their numbers. */
export function createRefreshLog(database: DatabaseSync): RefreshLog {
  const insert = database.prepare('INSERT INTO refreshes (id, alerts) VALUES (?, ?)');
  const drop = database.prepare('DELETE FROM refreshes WHERE id < ?');
  const saved = database.prepare('SELECT id, alerts FROM refreshes ORDER BY id').all() as Row[];
  const latest = latestOf(saved);
  const known = database.prepare('SELECT max(refresh) AS known FROM alerts').get()!;
  let last = Math.max(Number(known.known), Number(saved.at(-1)?.id ?? 0));
  let length = saved.reduce((sum, row) => sum + String(row.alerts).length, 0);
  let folded = 0;

  function write(alerts: readonly Alert[]): number {
    const text = JSON.stringify(alerts.map(refreshOf));
    insert.run(last + 1, text);
    last++;
    return text.length;
  }

  return {
    last: () => last,
    add(alerts) {
      length += write(alerts);
    },
    isLong: () => length > Math.max(LEAST_FOLDED, FACTOR * folded),
    fold(alerts) {
      length = write(alerts);
      folded = length;
      drop.run(last);
    },
    applied(alert, rowKnows) {
      const refresh = latest.get(alert.fingerprint);
      if (!refresh || refresh.id <= rowKnows) return alert;
      const [, endsAt, updatedAt, timeout] = refresh.values;
      return { ...alert, endsAt, updatedAt, timeout: timeout === 1 };
    },
  };
}

const refreshOf = ({ fingerprint, endsAt, updatedAt, timeout }: Alert): Refresh => [
  fingerprint,
  endsAt,
  updatedAt,
  timeout ? 1 : 0,
];

function latestOf(rows: readonly Row[]): Map<string, { id: number; values: Refresh }> {
  const latest = new Map<string, { id: number; values: Refresh }>();
  for (const { id, alerts } of rows)
    for (const values of JSON.parse(String(alerts)) as Refresh[])
      latest.set(values[0], { id: Number(id), values });
  return latest;
}
