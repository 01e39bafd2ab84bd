import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { cacheFolder, PEERS, type Peer, peerFolder } from './catalog.ts';

/** What a user can do something about; printed without a stack. */
export class PeerError extends Error {}

const NO_GO =
  'The peers are built from their Go modules, and this machine has no `go` in its PATH.\n' +
  'Install Go 1.26 or newer and run it again. `npm test` needs none of this.';

/** Fails with what is to be done unless Go can be run. */
export function requireGo(): void {
  if (spawnSync('go', ['version']).status !== 0) throw new PeerError(NO_GO);
}

export const isBuilt = (peer: Peer): boolean =>
  Object.keys(peer.programs).every(program => existsSync(join(peerFolder(peer), program)));

/**
 * Builds a peer into its folder. The module is copied out of Go's cache and built as the main module, so that its own
 * `go.sum` holds. The folder appears whole or not at all, so a build that was cut off is done again.
 */
export function build(peer: Peer): void {
  // What is built in the background must not slow down the rest of the machine.
  setPriority(constants.priority.PRIORITY_LOW);
  mkdirSync(cacheFolder(), { recursive: true });
  const work = mkdtempSync(join(cacheFolder(), `.${peer.name}-`));
  try {
    const source = join(work, 'source');
    // The copy's folders are writable, as those in Go's cache are not.
    cpSync(download(peer), source, { recursive: true });
    for (const [file, content] of Object.entries(peer.placeholders ?? {})) {
      mkdirSync(dirname(join(source, file)), { recursive: true });
      writeFileSync(join(source, file), content);
    }
    const built = join(work, 'built');
    for (const [program, path] of Object.entries(peer.programs)) {
      const target = join(built, program);
      go(['build', ...buildFlags(peer), '-o', target, path], source);
      if (peer.assemble) assemble(peer.assemble, target, source);
    }
    rmSync(peerFolder(peer), { recursive: true, force: true });
    renameSync(built, peerFolder(peer));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Runs a builder that was built, and puts what it makes in its place. */
function assemble(
  { file, content, args }: NonNullable<Peer['assemble']>,
  target: string,
  folder: string,
): void {
  writeFileSync(join(folder, file), content);
  run(target, args, folder);
  const assembled = join(folder, 'assembled', basename(target));
  if (!existsSync(assembled)) throw new PeerError(`${target} ${args.join(' ')} made no ${assembled}`);
  renameSync(assembled, target);
}

function buildFlags({ flags = [], versionVariable, version }: Peer): readonly string[] {
  const stamp = versionVariable ? ` -X ${versionVariable}=${version}` : '';
  return ['-trimpath', '-buildvcs=false', `-ldflags=-s -w${stamp}`, ...flags];
}

/** The folder of a peer's sources in Go's module cache, which hold its behaviour scripts too. */
export function sourceFolder(name: string): string {
  const peer = PEERS.find(each => each.name === name);
  if (!peer) throw new Error(`BUG: there is no peer ${name}`);
  mkdirSync(cacheFolder(), { recursive: true });
  return download(peer);
}

/** Fetches the module, checked against Go's checksum database, and gives the folder of its sources. */
function download({ name, module }: Peer): string {
  const { stdout, status, stderr } = spawnSync('go', ['mod', 'download', '-json', module], {
    // Outside of any module, so that nothing of ours has a say in it.
    cwd: cacheFolder(),
    encoding: 'utf8',
  });
  const { Dir, Error: reason } = JSON.parse(stdout || '{}') as { Dir?: string; Error?: string };
  if (status !== 0 || Dir === undefined) {
    throw new PeerError(`${name}: ${module} cannot be downloaded: ${reason ?? stderr}`);
  }
  return Dir;
}

const go = (args: readonly string[], cwd: string): void => run('go', args, cwd);

function run(program: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(program, args, {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' },
  });
  if (status !== 0) throw new PeerError(`${program} ${args.join(' ')} failed`);
}
