import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { samplesOf } from './dataset.ts';
import { loadedFolders } from './load.ts';
import { QUERY_SETS } from './query-rows.ts';
import { lessIsBetter, type Subject } from './row.ts';

const ID = 'disk';

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

/** Bytes a sample in blocks: chunks and index, without the write-ahead log. */
function prometheusBytes(folder: string): number {
  const metas = globSync('data/*/meta.json', { cwd: folder });
  let bytes = 0;
  let samples = 0;
  for (const meta of metas) {
    const { stats } = JSON.parse(readFileSync(join(folder, meta), 'utf8')) as {
      stats: { numSamples: number };
    };
    bytes += sizeOf(join(folder, meta, '..'));
    samples += stats.numSamples;
  }
  return bytes / samples;
}

/** Bytes a sample after an orderly stop, which moves everything into chunks. */
const guardBytes = (folder: string): number =>
  sizeOf(join(folder, 'data/metrics')) / QUERY_SETS.reduce((sum, set) => sum + samplesOf(set), 0);

export const disk: Subject = {
  ids: [ID],
  async *measure({ reload }) {
    const folders = await loadedFolders(QUERY_SETS, reload);
    yield {
      id: ID,
      title: 'bytes a sample on disk, sealed, 30 d × 220 series',
      unit: 'B',
      ...lessIsBetter(prometheusBytes(folders.prometheus), guardBytes(folders['slo-guard'])),
      goal: 1,
      rounds: 1,
    };
  },
};
