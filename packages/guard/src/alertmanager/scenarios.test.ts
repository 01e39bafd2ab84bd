import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { playScenario, startRouter, type TestRouter } from './test-router.ts';

const CONFIG = `
route:
  receiver: page
  group_by: [alertname, service, slo]
  group_wait: 10s
  group_interval: 30s
  repeat_interval: 1m
receivers:
  - name: page
    webhook_configs: [{ url: 'http://localhost:1/' }]
`;
const GROUPED = CONFIG.replace('[alertname, service, slo]', '[service]').replace('1m', '1h');
const INHIBITING = `${GROUPED}
inhibit_rules:
  - source_matchers: [severity="page"]
    target_matchers: [severity="ticket"]
    equal: [service, slo]
`;
const TREE = `
route:
  receiver: rest
  group_by: [service]
  group_wait: 10s
  group_interval: 30s
  repeat_interval: 1h
  routes:
    - receiver: audit
      matchers: [severity=~"page|ticket"]
      continue: true
    - receiver: page
      matchers: [severity="page"]
      group_wait: 0s
      routes:
        - receiver: database
          match: { service: db }
    - receiver: ticket
      matchers: ['{severity="ticket"}']
      group_by: ['...']
receivers:
  - { name: rest, webhook_configs: [{ url: 'http://localhost:1/' }] }
  - { name: audit, webhook_configs: [{ url: 'http://localhost:1/' }] }
  - { name: page, webhook_configs: [{ url: 'http://localhost:1/' }] }
  - { name: database, webhook_configs: [{ url: 'http://localhost:1/' }] }
  - { name: ticket, webhook_configs: [{ url: 'http://localhost:1/' }] }
`;
const NO_RESOLVES = GROUPED.replace(
  "{ url: 'http://localhost:1/' }",
  "{ url: 'http://localhost:1/', send_resolved: false }",
);

interface Scenario {
  readonly name: string;
  readonly config: string;
  readonly script: string;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a lone alert waits for group_wait, repeats one tick after repeat_interval, and resolves on a tick',
    config: CONFIG,
    script: `
      fire A
      wait 9s
      nothing
      wait 1s
      expect 10 page: firing A (first notification)
      wait 60s
      nothing
      wait 30s
      expect 100 page: firing A (repeat interval elapsed)
      wait 5s
      resolve A
      wait 24s
      nothing
      wait 1s
      expect 130 page: resolved A (all alerts resolved)
      wait 1h
      nothing`,
  },
  {
    name: 'an alert that resolves before it was sent is never sent',
    config: CONFIG,
    script: `
      fire A
      wait 5s
      resolve A
      wait 10m
      nothing`,
  },
  {
    name: 'an alert whose end passes without news resolves by itself',
    config: CONFIG,
    script: `
      fire A for=25s
      wait 10s
      expect 10 page: firing A (first notification)
      wait 30s
      expect 40 page: resolved A (all alerts resolved)`,
  },
  {
    name: 'alerts of one group go out together, later ones on the next tick, in order',
    config: GROUPED,
    script: `
      fire B service=x
      fire A service=x
      fire C service=y
      wait 10s
      expect 10 page: firing A B (first notification)
      expect 10 page: firing C (first notification)
      wait 1s
      fire D service=x
      wait 28s
      nothing
      wait 1s
      expect 40 page: firing A B D (new alerts added)
      resolve A service=x
      wait 30s
      expect 70 page: firing B D, resolved A (some alerts resolved)
      wait 30s
      nothing
      resolve B service=x
      resolve D service=x
      wait 30s
      expect 130 page: resolved B D (all alerts resolved)`,
  },
  {
    name: 'an alert that began longer ago than group_wait goes out at once',
    config: CONFIG,
    script: `
      since 11s A
      wait 0s
      expect 0 page: firing A (first notification)
      since 10s B
      wait 9s
      nothing
      wait 1s
      expect 10 page: firing B (first notification)`,
  },
  {
    name: 'an alert that fires again after its resolve was sent is a first notification',
    config: CONFIG,
    script: `
      fire A
      wait 10s
      expect 10 page: firing A (first notification)
      resolve A
      wait 30s
      expect 40 page: resolved A (all alerts resolved)
      wait 5s
      fire A
      wait 10s
      expect 55 page: firing A (first notification)`,
  },
  {
    name: 'an alert that flaps between two ticks is not told twice',
    config: GROUPED,
    script: `
      fire A
      wait 10s
      expect 10 page: firing A (first notification)
      wait 5s
      resolve A
      wait 5s
      fire A
      wait 10m
      nothing`,
  },
  {
    name: 'routes: continue reaches the next sibling, the deepest match wins, others stay out',
    config: TREE,
    script: `
      fire A service=db severity=page
      fire B service=web severity=page
      fire C service=web severity=ticket
      fire D service=web severity=ticket
      fire E service=web
      wait 0s
      expect 0 database: firing A (first notification)
      expect 0 page: firing B (first notification)
      wait 10s
      expect 10 audit: firing A (first notification)
      expect 10 audit: firing B C D (first notification)
      expect 10 ticket: firing C (first notification)
      expect 10 ticket: firing D (first notification)
      expect 10 rest: firing E (first notification)`,
  },
  {
    name: 'a page inhibits the ticket of the same service and objective, and only that one',
    config: INHIBITING,
    script: `
      fire Slow service=a slo=x severity=ticket
      fire Slow service=b slo=x severity=ticket
      fire Fast service=a slo=x severity=page
      wait 10s
      expect 10 page: firing Fast (first notification)
      expect 10 page: firing Slow (first notification)
      resolve Fast service=a slo=x severity=page
      wait 30s
      expect 40 page: firing Slow, resolved Fast (new alerts added)`,
  },
  {
    name: 'alerts that match both sides of an inhibition do not inhibit each other',
    config: `${GROUPED}
inhibit_rules:
  - { source_matchers: [severity=~"page|both"], target_matchers: [severity=~"ticket|both"] }
`,
    script: `
      fire A severity=both
      fire B severity=both
      wait 10s
      expect 10 page: firing A B (first notification)
      fire C severity=page
      wait 1h
      expect 40 page: firing C (new alerts added)`,
  },
  {
    name: 'a silenced source still inhibits',
    config: INHIBITING,
    script: `
      silence severity=page 1h
      fire Fast service=a severity=page
      fire Slow service=a severity=ticket
      wait 10m
      nothing`,
  },
  {
    name: 'a silence holds a page back until it ends, and a resolve under it is lost',
    config: CONFIG,
    script: `
      silence service=a 1m
      fire A service=a
      wait 1m
      nothing
      wait 10s
      expect 70 page: firing A (first notification)
      silence service=a 1m
      resolve A service=a
      wait 1h
      nothing`,
  },
  {
    name: 'send_resolved false: resolves are kept to the log, and firing again is told',
    config: NO_RESOLVES,
    script: `
      fire A
      wait 10s
      expect 10 page: firing A (first notification)
      fire B
      wait 30s
      expect 40 page: firing A B (new alerts added)
      resolve A
      wait 30s
      nothing
      resolve B
      wait 30s
      nothing
      fire A
      wait 10s
      expect 110 page: firing A (first notification)`,
  },
  {
    name: '5xx is retried at 0.5 s × 1.5 from the start of the attempt before',
    config: GROUPED,
    script: `
      receiver page 503 503 503 ok
      fire A
      wait 20s
      expect 10 page: firing A (first notification) retry
      expect 10.5 page: firing A (first notification) retry
      expect 11.25 page: firing A (first notification) retry
      expect 12.375 page: firing A (first notification)
      wait 10m
      nothing`,
  },
  {
    name: '400 ends the flush and the next tick tries again',
    config: GROUPED,
    script: `
      receiver page 400 400 ok
      fire A
      wait 2m
      expect 10 page: firing A (first notification) failed
      expect 40 page: firing A (first notification) failed
      expect 70 page: firing A (first notification)`,
  },
  {
    name: 'a receiver that hangs blocks its group until the flush ends, and the next flush follows at once',
    config: GROUPED,
    script: `
      receiver page hang ok
      fire A service=x
      wait 1s
      fire B service=y
      wait 10s
      expect 10 page: firing A (first notification) hangs
      expect 11 page: firing B (first notification)
      wait 29s
      expect 40 page: firing A (first notification)
      wait 10m
      nothing`,
  },
  {
    name: 'firing and resolved while every delivery fails: nothing more is ever sent',
    config: GROUPED,
    script: `
      receiver page 400 ok
      fire A
      wait 10s
      expect 10 page: firing A (first notification) failed
      resolve A
      wait 1h
      nothing`,
  },
  {
    name: 'a resolve that failed is tried again; firing again in between makes it needless',
    config: GROUPED,
    script: `
      fire A
      wait 10s
      expect 10 page: firing A (first notification)
      receiver page 400 ok
      resolve A
      wait 30s
      expect 40 page: resolved A (all alerts resolved) failed
      fire A
      wait 10m
      nothing
      resolve A
      wait 30s
      expect 670 page: resolved A (all alerts resolved)`,
  },
  {
    name: 'a restart repeats nothing and loses nothing: firing, waiting and resolved alerts',
    config: GROUPED,
    script: `
      fire Told service=a
      wait 10s
      expect 10 page: firing Told (first notification)
      fire Waiting service=b
      fire Gone service=c
      wait 2s
      resolve Gone service=c
      restart
      wait 10s
      expect 22 page: firing Waiting (first notification)
      resolve Told service=a
      restart
      wait 0s
      expect 22 page: resolved Told (all alerts resolved)
      restart
      wait 10m
      nothing`,
  },
  {
    name: 'a restart keeps the repeat interval, the silences and resolves that were told in a firing group',
    config: GROUPED,
    script: `
      fire A service=a
      fire B service=a
      wait 10s
      expect 10 page: firing A B (first notification)
      resolve B service=a
      wait 30s
      expect 40 page: firing A, resolved B (some alerts resolved)
      wait 61m
      expect 3670 page: firing A (repeat interval elapsed)
      silence service=s 1h
      restart
      fire S service=s
      wait 30m
      nothing`,
  },
  {
    name: 'an alert that ran out while the router was down is held for the resolve timeout, not resolved',
    config: GROUPED,
    script: `
      fire A service=a for=30s
      fire B service=b for=30s
      wait 10s
      expect 10 page: firing A (first notification)
      expect 10 page: firing B (first notification)
      down 10m
      wait 10s
      fire A service=a
      wait 260s
      nothing
      wait 60s
      expect 910 page: resolved B (all alerts resolved)
      wait 30m
      nothing`,
  },
  {
    name: 'a resolve is told even when a stop cut short the only telling: the receiver may have heard it',
    config: GROUPED,
    script: `
      receiver page hang ok
      fire A
      wait 10s
      expect 10 page: firing A (first notification) hangs
      resolve A
      restart
      wait 10m
      expect 20 page: resolved A (all alerts resolved)`,
  },
  {
    name: 'what waited for group_wait when the router went down goes out as soon as it is back',
    config: GROUPED,
    script: `
      fire A
      down 1m
      wait 0s
      expect 60 page: firing A (first notification)`,
  },
];

let folder: string;
let test: TestRouter | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
});
afterEach(async () => {
  await test?.router.stop();
  test = undefined;
  rmSync(folder, { recursive: true });
});

describe('the router', () => {
  it.each(SCENARIOS)('$name', async ({ config, script }) => {
    test = startRouter(config, join(folder, 'alertmanager.db'));
    expect(await playScenario(test, script)).toEqual([]);
  });
});

describe('the scenario runner', () => {
  it.each([
    ['an unexpected notification', 'fire A\nwait 10s'],
    ['a missing notification', 'wait 10s\nexpect 10 page: firing A (first notification)'],
    ['a wrong one', 'fire A\nwait 10s\nexpect 10 page: firing B (first notification)'],
    ['silence that was not kept', 'fire A\nwait 10s\nnothing'],
  ])('fails on %s', async (_name, script) => {
    test = startRouter(CONFIG);
    expect(await playScenario(test, script)).toHaveLength(1);
  });
});
