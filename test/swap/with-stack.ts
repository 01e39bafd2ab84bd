import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Alteration, type AssembledStack, assemble } from './assemble.ts';
import { SWAPS } from './matrix.ts';

/** Uses the stack of a swap, by its name, in a folder of its own; both are gone afterwards, also where it does not start. */
export async function withStack(
  name: string,
  use: (stack: AssembledStack, folder: string) => Promise<void>,
  alteration?: Alteration,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'slo-guard-stack-'));
  try {
    const stack = await assemble(SWAPS.find(swap => swap.name === name)!, folder, alteration);
    try {
      await use(stack, folder);
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
