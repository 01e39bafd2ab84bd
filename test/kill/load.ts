import { setTimeout as sleep } from 'node:timers/promises';
import type { Kind } from './kinds.ts';

/** What was acknowledged, and what of it is gone. */
export interface Tally {
  readonly acknowledged: number;
  readonly lost: readonly string[];
}

export interface Load {
  /** How many of each kind have been acknowledged so far. */
  acknowledged(): Readonly<Record<string, number>>;
  /** Under which names what has been acknowledged so far must be found, in the order in which it was. */
  names(kind: string): readonly string[];
  /** Ends it, and asks for everything that was acknowledged. */
  tally(): Promise<Readonly<Record<string, Tally>>>;
}

/** Between two requests of one kind; a part that is down is asked again after it. */
const PAUSE = 5;

/** Sends every kind without end, each one after the last answer, through times when nobody answers. */
export function startLoad(kinds: Readonly<Record<string, Kind>>): Load {
  const entries = Object.entries(kinds).map(([name, kind]) => ({ name, kind, names: [] as string[] }));
  let going = true;
  const sending = entries.map(async ({ kind, names }) => {
    for (let n = 0; going; n += 1) {
      // Not acknowledged: it may be there or not.
      await kind.send(n).then(
        name => names.push(name),
        () => sleep(50),
      );
      await sleep(PAUSE);
    }
  });
  return {
    acknowledged: () => Object.fromEntries(entries.map(({ name, names }) => [name, names.length])),
    names: kind => [...entries.find(({ name }) => name === kind)!.names],
    async tally() {
      going = false;
      await Promise.all(sending);
      const tallies = entries.map(async ({ name, kind, names }) => {
        const kept = await kind.kept(names);
        return [name, { acknowledged: names.length, lost: names.filter(one => !kept.has(one)) }] as const;
      });
      return Object.fromEntries(await Promise.all(tallies));
    },
  };
}

/** What must hold of parts that lose nothing: enough was acknowledged to speak of a load, and all of it is there. */
export const nothingLost = (tallies: Readonly<Record<string, Tally>>, atLeast: number) =>
  Object.entries(tallies).flatMap(([name, { acknowledged, lost }]) => [
    ...(lost.length > 0
      ? [`${lost.length} of ${acknowledged} ${name} lost: ${lost.slice(0, 5).join(', ')}`]
      : []),
    ...(acknowledged < atLeast ? [`only ${acknowledged} ${name} were acknowledged`] : []),
  ]);
