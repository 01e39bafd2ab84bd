import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, getJson } from '../story/support.ts';
import { type Engine, startEngine } from './engine.ts';
import { checkOut, openProject, type Project } from './project.ts';
import { provideGoImage, provideImages, provideNodeImage } from './stand-ins.ts';

const root = join(import.meta.dirname, '../..');

/** Of no binary that could be had here: its dashboards and provisioning are checked by tests of their own. */
export const LEFT_OUT = ['grafana'];

/** An engine that has every image, and the files that a fresh clone has. */
export interface Prepared {
  readonly engine: Engine;
  readonly checkout: string;
}

/** Starts the engine where none runs, makes the images that cannot be had and builds the others. */
export async function prepare(say: (line: string) => void): Promise<Prepared> {
  const engine = await startEngine();
  await provideImages(engine, say);
  await provideNodeImage(engine, baseImage('deploy/docker/service.Dockerfile'), say);
  await provideGoImage(engine, baseImage('services/service-b-go/Dockerfile'), say);
  const checkout = await checkOut();
  say(`without ${LEFT_OUT.join(', ')}: no program of it can be had without a registry`);
  for (const profile of ['real', 'go', 'embedded']) {
    const project = await openProject(engine, checkout, 'slo-guard-build', { COMPOSE_PROFILES: profile });
    await project.compose(`build ${(await servicesOf(project)).join(' ')}`);
  }
  return { engine, checkout };
}

/** What a Dockerfile's first stage begins with. */
const baseImage = (dockerfile: string) =>
  /^FROM (\S+) AS/m.exec(readFileSync(join(root, dockerfile), 'utf8'))![1]!;

/** The services that a project starts. */
export async function servicesOf(project: Project): Promise<string[]> {
  const all = (await project.compose('config --services')).trim().split('\n');
  return all.filter(name => !LEFT_OUT.includes(name)).sort();
}

interface ContainerState {
  readonly Service: string;
  readonly State: string;
  readonly Health: string;
}

const statesOf = async (project: Project) =>
  (await project.compose('ps --all --format json'))
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as ContainerState);

/** The collector's image holds the collector alone: its health cannot be asked from inside. */
const isWell = ({ Service, State, Health }: ContainerState) =>
  State === 'running' && (Health === 'healthy' || Service === 'otel-collector');

export async function allWell(project: Project, seconds: number): Promise<void> {
  const services = await servicesOf(project);
  await eventually('every container healthy', seconds, async () => {
    const states = await statesOf(project);
    return (states.length === services.length && states.every(isWell)) || undefined;
  });
}

export const query = async (project: Project, expr: string) => {
  const answer = await getJson<{ data: { result: { value: [number, string] }[] } }>(
    project.url('prometheus', `/api/v1/query?query=${encodeURIComponent(expr)}`),
  );
  return answer.data.result.map(({ value }) => Number(value[1]));
};

/** The services, and the real parts that tell their own metrics. */
const TARGETS = 5;

export async function allScraped(project: Project, seconds: number): Promise<void> {
  await eventually('every target up', seconds, async () => {
    const [up] = await query(project, 'sum(up)');
    return up === TARGETS || undefined;
  });
}
