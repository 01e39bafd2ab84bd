import { globSync } from 'node:fs';

/** Test files that run one after the other, beside the other lanes. */
export interface Lane {
  readonly files: readonly string[];
  /** Behind the other lanes where the processor is short: what waits for the clock must wake up in time. */
  readonly gently: boolean;
}

/** Start stacks and wait for scrapes, evaluations and pages: minutes by the clock, seconds of the processor. */
const WAITING = [
  [
    'test/compose/',
    'test/peers/high-availability.',
    'test/peers/live-rules.',
    'test/peers/page.',
    'test/peers/receivers.',
    'test/peers/shown-rules.',
    'test/peers/same-rules.',
    'test/peers/slack-update.',
  ],
  ['test/swap/swap.', 'test/hops/', 'test/story/'],
] as const;

/** Every system test, once: what only waits goes on beside what computes. */
export function systemLanes(root: string): readonly Lane[] {
  const all = globSync('{packages,services,test}/**/*.system.ts', {
    cwd: root,
    exclude: name => name === 'node_modules' || name.endsWith('/node_modules'),
  }).sort();
  const startsWithOneOf = (prefixes: readonly string[]) => (file: string) =>
    prefixes.some(prefix => file.startsWith(prefix));
  const waiting = WAITING.map(prefixes => all.filter(startsWithOneOf(prefixes)));
  const rest = all.filter(file => !waiting.flat().includes(file));
  return [...waiting.map(files => ({ files, gently: false })), { files: rest, gently: true }];
}
