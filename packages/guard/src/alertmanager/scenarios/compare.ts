import type { Milliseconds } from '../../core/index.ts';
import type { Telling } from './receivers.ts';
import type { ExpectedNotification, OnlyOf } from './scenario.ts';

export interface Tolerance {
  readonly early: Milliseconds;
  readonly late: Milliseconds;
  /** Of expectations that are loose. */
  readonly loose: Milliseconds;
}

export const EXACT: Tolerance = { early: 0, late: 0, loose: 0 };

/** What was told and not expected, and the other way round; empty when all went as written. */
export function compareNotifications(
  expected: readonly ExpectedNotification[],
  told: readonly Telling[],
  router: NonNullable<OnlyOf>,
  tolerance: Tolerance,
): string[] {
  const open = expected.filter(({ of }) => of === undefined || of === router);
  const surplus: string[] = [];
  for (const telling of told) {
    const found = open.findIndex(each => isSame(each, telling, tolerance));
    if (found < 0) surplus.push(`nobody expected: ${lineOf(telling)}`);
    else open.splice(found, 1);
  }
  return [...open.map(each => `did not come: ${lineOf(each)}`), ...surplus];
}

function isSame({ at, text, loose }: ExpectedNotification, telling: Telling, tolerance: Tolerance): boolean {
  const late = telling.at - at;
  const [earliest, latest] = loose ? [-tolerance.loose, tolerance.loose] : [-tolerance.early, tolerance.late];
  return text === telling.text && late >= earliest && late <= latest;
}

const lineOf = ({ at, text }: Telling) => `${at / 1000}s ${text}`;
