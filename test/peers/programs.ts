import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { programPath } from '../../scripts/peers/catalog.ts';

const run = promisify(execFile);

/** What a peer's program printed. */
export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The path of a built peer. @throws when `npm run peers` has not been run: a missing peer is a failure, never a skip */
export function peer(program: string): string {
  const path = programPath(program);
  if (!existsSync(path)) throw new Error(`${program} is not built: npm run peers`);
  return path;
}

/** Runs a peer to its end. */
export async function runPeer(program: string, args: readonly string[], cwd: string): Promise<Printed> {
  try {
    return { code: 0, ...(await run(peer(program), args, { cwd })) };
  } catch (error) {
    const { code, stdout, stderr } = error as Printed;
    return { code: Number(code), stdout: String(stdout), stderr: String(stderr) };
  }
}
