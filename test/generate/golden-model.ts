import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTextFile } from '../../packages/guard/src/config/index.ts';
import { loadSloFiles, type SloModel } from '../../packages/guard/src/slo/index.ts';

const folder = join(import.meta.dirname, 'slos');

/** The SLOs that golden files are made from, their files named as if the folder were where one stands. */
export const goldenModel = (): SloModel =>
  loadSloFiles(
    readdirSync(folder)
      .sort()
      .map(name => ({ file: `slos/${name}`, text: readTextFile(join(folder, name)).text })),
  );
