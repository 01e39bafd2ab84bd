import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drillFile, type EndedDrill } from '../story/drill.ts';
import { eventually, getJson, warmUp } from '../story/support.ts';
import type { Alteration, AssembledStack } from '../swap/assemble.ts';
import { withStack } from '../swap/with-stack.ts';
import * as break_ from './alterations.ts';

const TIMEOUT = { timeout: 400_000 };

/** A stack with its files altered, and a drill against it, with what it took. */
interface Broken {
  readonly stack: AssembledStack;
  readonly folder: string;
  drill(): Promise<EndedDrill & { seconds: number }>;
}

async function withBroken(
  kind: 'all embedded' | 'all real',
  alteration: Alteration,
  proof: (broken: Broken) => Promise<void>,
): Promise<void> {
  const use = async (stack: AssembledStack, folder: string) => {
    const file = join(folder, 'drill.yaml');
    writeFileSync(file, break_.DRILL);
    const drill = async () => {
      const startedAt = performance.now();
      const ended = await drillFile(stack.ports, file);
      const seconds = ended.report?.durationSeconds ?? (performance.now() - startedAt) / 1000;
      return { ...ended, seconds };
    };
    await warmUp(stack.url('service_a', '/work'));
    await proof({ stack, folder, drill });
  };
  await withStack(kind, use, (where, ports) => {
    break_.hurry(where);
    alteration(where, ports);
  });
}

const hopOf = ({ code, report, output }: EndedDrill) => {
  expect(report?.diagnosis, output).toBeDefined();
  const { hop, cause, evidence } = report!.diagnosis!;
  expect(output).toContain(`broken hop: ${hop} (${cause}) [hop-broken]`);
  expect(output).toMatch(/^ {4}remedy: /m);
  return { code, hop, cause, evidence: evidence.join('\n') };
};

/** What a rule engine works with: where the gateway is scraped, and how many groups of rules there are. */
async function inUse({ url }: AssembledStack): Promise<{ gateway: string; groups: number }> {
  interface Answers {
    readonly data: {
      readonly activeTargets: readonly { labels: { job: string }; scrapeUrl: string; health: string }[];
      readonly groups: readonly object[];
    };
  }
  const [targets, rules] = await Promise.all([
    getJson<Answers>(url('prometheus', '/api/v1/targets')),
    getJson<Answers>(url('prometheus', '/api/v1/rules')),
  ]);
  const target = targets.data.activeTargets.find(({ labels }) => labels.job === 'service_a');
  return {
    gateway: target ? `${target.scrapeUrl} ${target.health}` : 'none',
    groups: rules.data.groups.length,
  };
}

/** Breaks what a running rule engine reads, and mends it again; each is done when the engine shows it. */
async function whileBroken<T>(
  { stack, folder }: Broken,
  engine: string,
  alteration: (folder: string) => void,
  proof: () => Promise<T>,
): Promise<T> {
  const [file, kept] = [join(folder, 'prometheus.yml'), join(folder, 'prometheus.kept')];
  const whole = await eventually('a scrape of the gateway', 20, async () => {
    const now = await inUse(stack);
    return now.gateway.endsWith(' up') && now.groups > 0 ? now : undefined;
  });
  copyFileSync(file, kept);
  alteration(folder);
  process.kill(stack.pids.get(engine)!, 'SIGHUP');
  await eventually('the broken configuration', 20, async () => {
    const now = await inUse(stack);
    return now.gateway !== whole.gateway || now.groups !== whole.groups || undefined;
  });
  try {
    return await proof();
  } finally {
    copyFileSync(kept, file);
    process.kill(stack.pids.get(engine)!, 'SIGHUP');
  }
}

/** What a drill needs where it sets no fault: its looks, and the time in which a fresh stack may mend itself. */
const SOON = 25;

describe.concurrent.each([
  ['all embedded', 'slo-guard'],
  ['all real', 'prometheus'],
] as const)('%s: the drill names the broken hop', (kind, engine) => {
  it('before it breaks anything, where it is broken already', TIMEOUT, async () => {
    await withBroken(
      kind,
      () => {},
      async broken => {
        const { stack, drill } = broken;
        const known = async (alteration: (folder: string) => void) => {
          const ended = await whileBroken(broken, engine, alteration, drill);
          expect(ended.seconds).toBeLessThan(SOON);
          expect(ended.report!.notes).toEqual(['no fault was set: the hop is broken already']);
          return hopOf(ended);
        };
        expect(await known(break_.scrapeWrongPort)).toMatchObject({
          code: 1,
          hop: 'gateway → metrics store',
          cause: 'target-down',
          evidence: expect.stringContaining('connection refused'),
        });
        expect(await known(break_.scrapeNoGateway)).toMatchObject({
          code: 1,
          hop: 'gateway → metrics store',
          cause: 'target-missing',
        });
        expect(await known(break_.mountNoRules)).toMatchObject({
          code: 1,
          hop: 'metrics store → recording rules',
          cause: 'rule-missing',
          evidence: expect.stringContaining('0 groups of rules are loaded'),
        });

        process.kill(stack.pids.get('webhook-receiver')!, 'SIGKILL');
        const down = [await drill()];
        if (kind === 'all real') {
          process.kill(stack.pids.get('alertmanager')!, 'SIGKILL');
          down.push(await drill());
        }
        for (const { code, report, output, seconds } of down) {
          expect(code).toBe(2);
          expect(report).toBeUndefined();
          expect(seconds).toBeLessThan(SOON);
          expect(output).toContain('broken hop: Alertmanager → receiver: the receiver does not answer');
          expect(output).toMatch(/ECONNREFUSED.*\[drill-unreachable\]\n {2}remedy: /);
        }
        if (kind === 'all real')
          expect(down[1]!.output).toContain(
            'broken hop: alert rule → Alertmanager: Alertmanager does not answer',
          );
      },
    );
  });

  it('of alerts that the rule engine cannot send', TIMEOUT, async () => {
    await withBroken(kind, break_.sendAlertsNowhere, async ({ drill }) => {
      const ended = await drill();
      expect(hopOf(ended)).toMatchObject({
        code: 1,
        hop: 'alert rule → Alertmanager',
        cause: 'send-failing',
        evidence: expect.stringContaining(break_.NOWHERE),
      });
      // The drill file would wait 75 s for the page.
      expect(ended.seconds).toBeLessThan(60);
    });
  });

  it('of pages that Alertmanager cannot deliver', TIMEOUT, async () => {
    await withBroken(kind, break_.deliverNowhere, async ({ drill }) => {
      const ended = await drill();
      expect(hopOf(ended)).toMatchObject({
        code: 1,
        hop: 'Alertmanager → receiver',
        cause: 'delivery-failing',
      });
      expect(ended.seconds).toBeLessThan(65);
    });
  });

  it('of the receiver that goes down while the fault is active', TIMEOUT, async () => {
    await withBroken(
      kind,
      () => {},
      async ({ stack, drill }) => {
        const ending = drill();
        await eventually('the fault', 60, async () => {
          const answer = await fetch(stack.url('service_b', '/admin/state'));
          return ((await answer.json()) as { mode: string }).mode === 'error' || undefined;
        });
        process.kill(stack.pids.get('webhook-receiver')!, 'SIGKILL');
        expect(hopOf(await ending)).toMatchObject({
          code: 1,
          hop: 'Alertmanager → receiver',
          cause: 'delivery-failing',
          evidence: expect.stringContaining('the receiver does not tell'),
        });
      },
    );
  });
});

describe.concurrent('all real: the drill pages and clears', () => {
  it('and names the Collector that exports nowhere', TIMEOUT, async () => {
    await withBroken('all real', break_.exportSpansNowhere, async ({ drill }) => {
      const ended = await drill();
      expect(hopOf(ended)).toMatchObject({
        code: 1,
        hop: 'Collector → trace store',
        cause: 'spans-not-stored',
        evidence: expect.stringMatching(/the Collector took \d\d+ spans .* and sent none/),
      });
      expect(ended.report!.failures).toHaveLength(1);
      const stages = ended.report!.phases.flatMap(phase => phase.stages);
      expect(stages.find(({ stage }) => stage === 'resolve delivered')?.measured).toBeGreaterThan(0);
    });
  });
});
