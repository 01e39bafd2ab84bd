import { globSync } from 'node:fs';

/** Test files that run one after the other, beside the other lanes of their stage. */
export interface Lane {
  readonly files: readonly string[];
  /** Behind the other lanes where the processor is short. */
  readonly gently: boolean;
}

/** Have their own share of the processor, and take minutes of the clock. */
const CONTAINERS = ['test/compose/'] as const;

/**
 * Start programs and look at when something happens: minutes by the clock, seconds of the processor. Nothing that
 * computes runs beside them, since whoever must wait for the processor sees late scrapes, heartbeats and answers. Two
 * lists of about the same time.
 */
const BY_THE_CLOCK = [
  [
    'packages/guard/src/server/',
    'services/',
    'test/hops/',
    'test/peers/high-availability.',
    'test/peers/live-rules.',
    'test/peers/page.',
    'test/peers/random-routing.',
    'test/peers/receivers.',
    'test/peers/router-scenarios.',
    'test/peers/same-rules.',
    'test/peers/scrape',
    'test/peers/shown-rules.',
    'test/peers/slack-update.',
  ],
  ['test/story/', 'test/swap/', 'test/watch/'],
] as const;

/** Every system test, once, in stages: one begins when the one before it has ended. */
export function systemStages(root: string): readonly (readonly Lane[])[] {
  const all = globSync('{packages,services,test}/**/*.system.ts', {
    cwd: root,
    exclude: name => name === 'node_modules' || name.endsWith('/node_modules'),
  }).sort();
  const beginningWith = (prefixes: readonly string[]) =>
    all.filter(file => prefixes.some(prefix => file.startsWith(prefix)));
  const containers = beginningWith(CONTAINERS);
  const byTheClock = BY_THE_CLOCK.map(beginningWith);
  const timed = new Set([...containers, ...byTheClock.flat()]);
  return [
    [
      { files: containers, gently: false },
      { files: all.filter(file => !timed.has(file)), gently: true },
    ],
    byTheClock.map(files => ({ files, gently: false })),
  ];
}
