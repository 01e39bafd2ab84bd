import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drillByUrls } from '../story/drill.ts';
import { warmUp } from '../story/support.ts';
import type { Engine } from './engine.ts';
import { openProject, type Project, removeCheckout } from './project.ts';
import { allScraped, allWell, LEFT_OUT, prepare, servicesOf } from './running.ts';
import {
  areConfined,
  failAndRecover,
  injectAndPage,
  joinedTrace,
  killEach,
  killUnderLoad,
  namesBrokenHops,
} from './steps.ts';

let engine: Engine;
let checkout: string;

beforeAll(async () => {
  ({ engine, checkout } = await prepare(line => console.log(`compose: ${line}`)));
}, 900_000);

afterAll(async () => {
  if (checkout) removeCheckout(checkout);
  await engine?.stop();
}, 60_000);

/** By itself: its first drill must see the errors that it sets and no others, so nothing may make services late. */
describe('the compose files, started', () => {
  it('tell the story of the article, and lose nothing when containers are killed', {
    timeout: 900_000,
  }, async () => {
    const project = await openProject(engine, checkout, 'slo-guard-story');
    try {
      await project.compose(`up -d --build ${(await servicesOf(project)).join(' ')}`);
      await allWell(project, 120);
      await areConfined(engine, project);
      await allScraped(project, 30);
      await warmUp(project.url('service_a', '/work'));
      const silent = await drillByUrls(project.ports, 'silent-2x');
      expect(silent.report.failures, silent.output).toEqual([]);

      await injectAndPage(project);
      await joinedTrace(project);
      await killEach(project);
    } finally {
      await project.compose('down -v --timeout 5');
    }
    expect(await project.leftovers()).toBe('');
  });
});

/** Side by side, to save time: each has a project of its own. */
describe.concurrent('the compose files, started anew', () => {
  it('page and clear within what was predicted', { timeout: 900_000 }, async () => {
    const project = await openProject(engine, checkout, 'slo-guard-drill');
    try {
      await project.compose(`up -d ${(await servicesOf(project)).join(' ')}`);
      await allWell(project, 120);
      await warmUp(project.url('service_a', '/work'));
      const { report, output } = await drillByUrls(project.ports, 'article');
      expect(report.failures, output).toEqual([]);
      expect(report.passed).toBe(true);
    } finally {
      await project.compose('down -v --timeout 5');
    }
    expect(await project.leftovers()).toBe('');
  });
});

describe.concurrent('the other profiles', () => {
  it('run service_b in Go: one trace joins both languages; the drill names hops that are broken', {
    timeout: 400_000,
  }, async () => {
    await withProfile('go', async project => {
      await warmUp(project.url('service_a', '/work'));
      await joinedTrace(project);
      await failAndRecover(project);
      await namesBrokenHops(project, checkout);
    });
  });

  it('run one guard in place of five, which pages, and loses nothing when it is killed under load', {
    timeout: 400_000,
  }, async () => {
    await withProfile('embedded', async project => {
      await warmUp(project.url('service_a', '/work'));
      await joinedTrace(project);
      await injectAndPage(project);
      await killUnderLoad(project);
    });
  });
});

describe.concurrent('npm run compose:up says in one line what keeps the containers from starting', () => {
  it.each<[string, (project: Project) => Promise<Attempt>, RegExp]>([
    [
      'an engine that does not run',
      project => project.up([], { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }),
      /^Docker's engine does not run \(.*\): start Docker.*npm start.* \[engine-down\]\n$/,
    ],
    [
      'a port in use',
      async project => {
        const holder = createServer().listen(project.ports.alertmanager, '127.0.0.1');
        await once(holder, 'listening');
        try {
          return await project.up(['alertmanager', 'webhook-receiver']);
        } finally {
          holder.close();
        }
      },
      /^port \d+ on 127\.0\.0\.1 for alertmanager is in use: .* ALERTMANAGER_PORT=\d+ npm run compose:up \[port-in-use\]\n$/,
    ],
    [
      'an image that cannot be had',
      project => project.up(LEFT_OUT),
      /^(pulling .*\n)+the image grafana\/grafana:\S+ for grafana cannot be had \(.+\): .* \[image-missing\]\n$/,
    ],
  ])('%s', { timeout: 120_000 }, async (what, attempt, line) => {
    const project = await openProject(engine, checkout, `slo-guard-${what.replaceAll(/\W+/g, '-')}`);
    const { code, output } = await attempt(project);
    expect(output).toMatch(line);
    expect(code).toBe(2);
    expect(await project.leftovers()).toBe('');
  });
});

interface Attempt {
  readonly code: number;
  readonly output: string;
}

async function withProfile(profile: string, proof: (project: Project) => Promise<void>): Promise<void> {
  const project = await openProject(engine, checkout, `slo-guard-${profile}`, { COMPOSE_PROFILES: profile });
  try {
    const services = await servicesOf(project);
    // A second time too: ports that this project itself holds are no obstacle.
    for (let time = 0; time < 2; time += 1)
      expect(await project.up(services)).toMatchObject({
        code: 0,
        output: expect.stringContaining('Healthy'),
      });
    await allWell(project, 120);
    await proof(project);
  } finally {
    await project.compose('down -v --timeout 5');
  }
  expect(await project.leftovers()).toBe('');
}
