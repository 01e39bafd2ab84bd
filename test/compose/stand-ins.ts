import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../scripts/peers/catalog.ts';
import { peer } from '../peers/programs.ts';
import type { Engine } from './engine.ts';

const execute = promisify(execFile);

/** An image of the very name that the compose files use, made of a peer's binary: no registry can be had here. */
interface StandIn {
  readonly image: string;
  /** Where each program stands in the real image. */
  readonly programs: Readonly<Record<string, string>>;
  readonly entrypoint: string;
  readonly user: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Folders that belong to the user, for volumes. */
  readonly folders?: readonly string[];
}

/** As the published Dockerfiles of each project have it. */
export const STAND_INS: readonly StandIn[] = [
  {
    image: 'prom/prometheus:v3.16.0',
    programs: { prometheus: '/bin/prometheus', promtool: '/bin/promtool' },
    entrypoint: '/bin/prometheus',
    user: '65534:65534',
    folders: ['/prometheus'],
  },
  {
    image: 'prom/alertmanager:v0.34.2',
    programs: { alertmanager: '/bin/alertmanager', amtool: '/bin/amtool' },
    entrypoint: '/bin/alertmanager',
    user: '65534:65534',
    folders: ['/alertmanager'],
  },
  {
    image: 'otel/opentelemetry-collector-contrib:0.155.0',
    programs: { otelcol: '/otelcol-contrib' },
    entrypoint: '/otelcol-contrib',
    user: '10001:10001',
  },
  {
    image: 'jaegertracing/jaeger:2.13.0',
    programs: { jaeger: '/cmd/jaeger/jaeger-linux' },
    entrypoint: '/cmd/jaeger/jaeger-linux',
    user: '10001:10001',
    env: { JAEGER_LISTEN_HOST: '0.0.0.0' },
  },
];

/** Tools that the real images' base has and that health checks call. */
const BUSYBOX = ['sh', 'wget', 'ls', 'cat', 'kill'];
const BUSYBOX_PATH = '/bin/busybox';

/** Gives the engine every image that the compose files name and do not build, where it lacks one. */
export async function provideImages(engine: Engine, report: (line: string) => void): Promise<void> {
  for (const standIn of STAND_INS) {
    const key = keyOf([...Object.keys(standIn.programs).map(peer), BUSYBOX_PATH], standIn);
    await provide(engine, standIn.image, key, report, root => fillStandIn(root, standIn), [
      `ENTRYPOINT ["${standIn.entrypoint}"]`,
      `USER ${standIn.user}`,
      ...Object.entries(standIn.env ?? {}).map(([name, value]) => `ENV ${name}=${value}`),
    ]);
  }
}

/** The Node image that our Dockerfiles build on: a Debian root with Node and npm where the real one has them. */
export async function provideNodeImage(
  engine: Engine,
  image: string,
  report: (line: string) => void,
): Promise<void> {
  const npm = await npmFolder();
  await provide(
    engine,
    image,
    keyOf([process.execPath, join(npm, 'package.json')], { image }),
    report,
    async root => {
      cpSync(await debianRoot(report), root, { recursive: true, verbatimSymlinks: true });
      place(process.execPath, join(root, 'usr/local/bin/node'));
      cpSync(npm, join(root, 'usr/local/lib/node_modules/npm'), { recursive: true, dereference: true });
      symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/local/bin/npm'));
      await execute('useradd', ['--root', root, '--uid', '1000', '--create-home', 'node']);
      // What a registry's certificate is signed by is this machine's affair.
      copyFileSync('/etc/ssl/certs/ca-certificates.crt', join(root, 'etc/ssl/certs/ca-certificates.crt'));
    },
    [
      'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt',
      'CMD ["node"]',
    ],
  );
}

/** The Go image that service_b in Go is built on. */
export async function provideGoImage(
  engine: Engine,
  image: string,
  report: (line: string) => void,
): Promise<void> {
  const { stdout } = await execute('go', ['env', 'GOROOT'], { cwd: '/' });
  const toolchain = stdout.trim();
  await provide(
    engine,
    image,
    keyOf([join(toolchain, 'VERSION')], { image }),
    report,
    async root => {
      cpSync(await debianRoot(report), root, { recursive: true, verbatimSymlinks: true });
      cpSync(toolchain, join(root, 'usr/local/go'), { recursive: true, verbatimSymlinks: true });
      copyFileSync('/etc/ssl/certs/ca-certificates.crt', join(root, 'etc/ssl/certs/ca-certificates.crt'));
    },
    ['ENV PATH=/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  );
}

const LABEL = 'slo-guard.stand-in';

async function provide(
  engine: Engine,
  image: string,
  key: string,
  report: (line: string) => void,
  fill: (root: string) => void | Promise<void>,
  changes: readonly string[],
): Promise<void> {
  const found = await engine
    .docker('image', 'inspect', '--format', `{{index .Config.Labels "${LABEL}"}}`, image)
    .catch(() => undefined);
  if (found?.trim() === key) return;
  if (found !== undefined && found.trim() === '') return; // The real one.
  report(`making ${image}`);
  mkdirSync(cacheFolder(), { recursive: true });
  const root = mkdtempSync(join(cacheFolder(), '.image-'));
  try {
    chmodSync(root, 0o755);
    await fill(root);
    const archive = `${root}.tar`;
    await execute('tar', ['-C', root, '-cf', archive, '.']);
    try {
      const flags = [...changes, `LABEL ${LABEL}=${key}`].flatMap(change => ['--change', change]);
      await engine.docker('import', ...flags, archive, image);
    } finally {
      rmSync(archive, { force: true });
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function fillStandIn(root: string, { programs, user, folders = [] }: StandIn): Promise<void> {
  for (const [program, path] of Object.entries(programs)) place(peer(program), join(root, path));
  place(BUSYBOX_PATH, join(root, 'bin/busybox'));
  for (const tool of BUSYBOX) symlinkSync('busybox', join(root, 'bin', tool));
  mkdirSync(join(root, 'etc/ssl/certs'), { recursive: true });
  mkdirSync(join(root, 'tmp'));
  chmodSync(join(root, 'tmp'), 0o1777);
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n',
  );
  for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
  for (const folder of folders) await execute('chown', [user, join(root, folder)]);
}

function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, 0o755);
}

/**
 * Changes when the content of a file that goes into the image does: wherever it stands and whenever it was installed, so
 * that another clone finds the image, and what was built on it, as it is.
 */
function keyOf(files: readonly string[], facts: object): string {
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

const SUITE = 'bookworm';

/** Debian's smallest root, made once. */
async function debianRoot(report: (line: string) => void): Promise<string> {
  const root = join(dirname(cacheFolder()), `debian-${SUITE}`);
  if (existsSync(root)) return root;
  report('making a Debian root (about a minute the first time)');
  const work = `${root}.part`;
  rmSync(work, { recursive: true, force: true });
  await execute('debootstrap', ['--variant=minbase', '--include=ca-certificates', SUITE, work]);
  for (const folder of ['var/cache/apt', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/locale']) {
    rmSync(join(work, folder), { recursive: true, force: true });
  }
  renameSync(work, root);
  return root;
}

async function npmFolder(): Promise<string> {
  const { stdout } = await execute('npm', ['root', '--global']);
  return join(stdout.trim(), 'npm');
}
