import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProject } from '../../test/compose/project.ts';
import { allScraped, allWell, type Prepared, servicesOf } from '../../test/compose/running.ts';
import type { Ports } from '../../test/story/support.ts';
import { assemble } from '../../test/swap/assemble.ts';
import { SWAPS } from '../../test/swap/matrix.ts';

/** A running stack, whatever runs it. */
export interface BenchStack {
  url(name: keyof Ports, path?: string): string;
  /** The processes that do the work compared: not the services and the receiver, which every stack has. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** A stack that can be started; what it needs has been built before. */
export interface Subject {
  readonly name: string;
  start(): Promise<BenchStack>;
}

const COMMON = ['service_a', 'service_b', 'webhook-receiver'];

/** Processes of this machine, put together as a swap says. */
export const bare = (name: string, swapName: 'all embedded' | 'all real'): Subject => ({
  name,
  async start() {
    const folder = mkdtempSync(join(tmpdir(), 'slo-guard-bench-stack-'));
    const swap = SWAPS.find(one => one.name === swapName)!;
    const stack = await assemble(swap, folder).catch(error => {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    });
    return {
      url: stack.url,
      pids: [...stack.pids].filter(([part]) => !COMMON.includes(part)).map(([, pid]) => pid),
      async stop() {
        await stack.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});

/** The article's containers, by the article's command; the engine's own processes are not counted. */
export const composed = ({ engine, checkout }: Prepared): Subject => ({
  name: 'compose',
  async start() {
    const project = await openProject(engine, checkout, 'slo-guard-bench');
    const stop = async () => void (await project.compose('down -v --timeout 5'));
    try {
      const services = await servicesOf(project);
      await project.compose(`up -d ${services.join(' ')}`);
      await allWell(project, 120);
      await allScraped(project, 30);
      const compared = services.filter(name => !COMMON.includes(name));
      const ids = (await project.compose(`ps --quiet ${compared.join(' ')}`)).trim().split('\n');
      const pids = (await engine.docker('inspect', '--format', '{{.State.Pid}}', ...ids)).trim().split('\n');
      return { url: project.url, pids: pids.map(Number), stop };
    } catch (error) {
      await stop();
      throw error;
    }
  },
});
