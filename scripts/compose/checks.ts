import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { composeWords, docker, FILES, ROOT } from './docker.ts';

/** What would keep the containers from starting: one line with what to do, and a code. */
export interface Obstacle {
  readonly code:
    | 'docker-missing'
    | 'engine-down'
    | 'compose-missing'
    | 'compose-old'
    | 'compose-file'
    | 'port-in-use'
    | 'image-missing';
  readonly text: string;
}

/** The first Compose that knows `required: false` under `depends_on`. */
const OLDEST_COMPOSE = [2, 20] as const;

/**
 * Looks at engine, Compose, files, ports and images, in that order; what cannot be looked at for want of the one before it
 * is left out. Images that are not there are pulled: nothing starts without them.
 *
 * @param services those to start; all of the profile when empty
 */
export async function findObstacles(
  services: readonly string[],
  onProgress: (message: string) => void,
): Promise<readonly Obstacle[]> {
  const noTools = await toolObstacle();
  if (noTools) return [noTools];
  const config = await docker(...composeWords('config', '--format', 'json', ...services));
  if (!config.ok)
    return [
      obstacle('compose-file', `Compose refuses ${FILES.join(' and ')}: ${config.reason}`, 'correct it'),
    ];
  const containers = Object.entries((JSON.parse(config.stdout) as ComposeConfig).services);
  const [ports, images] = await Promise.all([
    portObstacles(containers),
    imageObstacles(imagesOf(containers), onProgress),
  ]);
  return [...ports, ...images];
}

const obstacle = (code: Obstacle['code'], what: string, remedy: string): Obstacle => ({
  code,
  text: `${what}: ${remedy} [${code}]`,
});

interface Container {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile?: string };
  readonly ports?: readonly { readonly host_ip?: string; readonly published?: string }[];
}

interface ComposeConfig {
  readonly services: Readonly<Record<string, Container>>;
}

const WITHOUT = 'or use `npm start`, which needs no Docker';

async function toolObstacle(): Promise<Obstacle | undefined> {
  const engine = await docker('version', '--format', '{{.Server.Version}}');
  if (!engine.installed)
    return obstacle(
      'docker-missing',
      'Docker is not installed',
      `https://docs.docker.com/get-docker, ${WITHOUT}`,
    );
  if (!engine.ok)
    return obstacle(
      'engine-down',
      `Docker's engine does not run (${engine.reason})`,
      `start Docker Desktop, or \`sudo systemctl start docker\`, ${WITHOUT}`,
    );
  const compose = await docker('compose', 'version', '--short');
  const install = 'https://docs.docker.com/compose/install';
  if (!compose.ok) return obstacle('compose-missing', 'Docker has no Compose plugin', install);
  const version = compose.stdout.trim();
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_COMPOSE;
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
    ? obstacle(
        'compose-old',
        `Compose ${version} is older than ${OLDEST_COMPOSE.join('.')}`,
        `update it: ${install}`,
      )
    : undefined;
}

/** A port that a container publishes, and the variable that moves it. */
interface Published {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

async function portObstacles(containers: readonly (readonly [string, Container])[]): Promise<Obstacle[]> {
  const wanted = containers.flatMap(([name, { ports = [] }]) =>
    ports.map(
      ({ host_ip, published }): Published => ({
        name,
        host: host_ip ?? '0.0.0.0',
        port: Number(published ?? 0),
      }),
    ),
  );
  const [variables, ours] = [portVariables(), await publishedByUs()];
  const foreign = wanted.filter(({ port }) => port !== 0 && !ours.has(port));
  const taken = await Promise.all(foreign.map(async one => ((await isFree(one)) ? [] : [one])));
  return taken.flat().map(({ name, host, port }) => {
    const variable = variables.get(port);
    const move =
      variable === undefined ? '' : `, or move it: ${variable}=${suggestion(port)} npm run compose:up`;
    return obstacle(
      'port-in-use',
      `port ${port} on ${host} for ${name} is in use`,
      `stop what listens there${move}`,
    );
  });
}

const suggestion = (port: number) => (port + 10_000 <= 65_535 ? port + 10_000 : port - 10_000);

/** The variables that move the compose files' ports, by the port that each stands for now. */
function portVariables(): ReadonlyMap<number, string> {
  const text = FILES.map(file => readFileSync(join(ROOT, file), 'utf8')).join('\n');
  return new Map(
    [...text.matchAll(/\$\{([A-Z_]+_PORT):-(\d+)\}/g)].map(([, variable, byDefault]) => [
      Number(process.env[variable!] || byDefault),
      variable!,
    ]),
  );
}

/** What this project's own containers publish: starting them again is no conflict. */
async function publishedByUs(): Promise<ReadonlySet<number>> {
  const { ok, stdout } = await docker(...composeWords('ps', '--format', 'json'));
  if (!ok) return new Set();
  const containers = stdout.split('\n').filter(Boolean);
  return new Set(
    containers.flatMap(line =>
      ((JSON.parse(line) as { Publishers?: { PublishedPort: number }[] }).Publishers ?? []).map(
        ({ PublishedPort }) => PublishedPort,
      ),
    ),
  );
}

function isFree({ host, port }: Published): Promise<boolean> {
  return new Promise(done => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(true)));
  });
}

/** The images that must be there: those that are started, and those that the others are built on. */
function imagesOf(containers: readonly (readonly [string, Container])[]): ReadonlyMap<string, string> {
  return new Map(
    containers.flatMap(([name, { image, build }]) =>
      build === undefined ? [[image!, name] as const] : basesOf(build).map(base => [base, name] as const),
    ),
  );
}

/** What a Dockerfile's stages begin with, but for stages of its own and `scratch`. */
function basesOf({ context, dockerfile = 'Dockerfile' }: NonNullable<Container['build']>): string[] {
  const text = readFileSync(resolve(context, dockerfile), 'utf8');
  const stages = [...text.matchAll(/^FROM (\S+)(?: AS (\S+))?/gim)];
  const own = new Set(['scratch', ...stages.map(([, , name]) => name)]);
  return [...new Set(stages.map(([, base]) => base!))].filter(base => !own.has(base));
}

async function imageObstacles(
  images: ReadonlyMap<string, string>,
  onProgress: (message: string) => void,
): Promise<Obstacle[]> {
  const looked = await Promise.all(
    [...images].map(async ([image, service]): Promise<Obstacle[]> => {
      if ((await docker('image', 'inspect', '--format', '{{.Id}}', image)).ok) return [];
      onProgress(`pulling ${image}`);
      const pulled = await docker('pull', '--quiet', image);
      return pulled.ok
        ? []
        : [
            obstacle(
              'image-missing',
              `the image ${image} for ${service} cannot be had (${pulled.reason})`,
              'check the network and the registry; `docker pull` tells more',
            ),
          ];
    }),
  );
  return looked.flat();
}
