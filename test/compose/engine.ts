import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../scripts/peers/catalog.ts';
import { peer } from '../peers/programs.ts';
import { eventually } from '../story/support.ts';

const execute = promisify(execFile);

/** Docker's engine, and how its commands are run. */
export interface Engine {
  /** For child processes: which engine, which Compose. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs `docker …` and gives what it prints. @throws when it fails, with what it said */
  docker(...args: readonly string[]): Promise<string>;
  /** Ends the engine if it was started here; its images stay for the next time. */
  stop(): Promise<void>;
}

/** Uses the engine that runs, or starts one of its own whose images are kept beside the peers. */
export async function startEngine(): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-docker-'));
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    DOCKER_CONFIG: configWithCompose(folder),
    // Debian's engine speaks no newer version, and has no BuildKit.
    DOCKER_API_VERSION: '1.41',
    DOCKER_BUILDKIT: '0',
  };
  const answers = async () => execute('docker', ['version', '--format', '{{.Server.Version}}'], { env });
  let own: ChildProcess | undefined;
  try {
    await answers();
  } catch {
    own = startDaemon(folder, env);
    const says = () => readFileSync(join(folder, 'dockerd.log'), 'utf8').slice(-2000);
    await eventually("Docker's engine", OTHERS_TAKE, async () => {
      // Ended by itself: it will not answer any more.
      if (own!.exitCode !== null) return 'ended';
      return answers();
    }).catch(error => {
      own!.kill('SIGTERM');
      throw error;
    });
    if (own.exitCode !== null) throw new Error(`Docker's engine does not start: ${says()}`);
  }
  return {
    env,
    async docker(...args) {
      const { stdout } = await execute('docker', args, { env, maxBuffer: 64 * 1024 * 1024 });
      return stdout;
    },
    async stop() {
      if (own && own.exitCode === null) {
        const ended = new Promise(resolve => own!.once('exit', resolve));
        own.kill('SIGTERM');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** How many seconds another clone's containers may take, before ours start. */
const OTHERS_TAKE = 600;

/** A folder for `docker`'s settings with the Compose that was built as a peer. */
function configWithCompose(folder: string): string {
  const plugins = join(folder, 'config/cli-plugins');
  mkdirSync(plugins, { recursive: true });
  symlinkSync(peer('docker-compose'), join(plugins, 'docker-compose'));
  return dirname(plugins);
}

function startDaemon(folder: string, env: NodeJS.ProcessEnv): ChildProcess {
  if (!existsSync('/usr/sbin/dockerd')) {
    throw new Error('No Docker engine runs, and none is installed: apt-get install docker.io');
  }
  const socket = `unix://${join(folder, 'docker.sock')}`;
  env.DOCKER_HOST = socket;
  const log = openSync(join(folder, 'dockerd.log'), 'w');
  const data = join(dirname(cacheFolder()), 'docker');
  // Another clone's tests may run an engine on the same images: one after the other.
  return spawn(
    'flock',
    [
      ...['--no-fork', `${data}.lock`],
      '/usr/sbin/dockerd',
      ...['--data-root', data],
      ...['--exec-root', join(folder, 'exec')],
      ...['--pidfile', join(folder, 'dockerd.pid')],
      ...['--host', socket],
    ],
    { stdio: ['ignore', log, log] },
  );
}
