/**
 * `npm run build -w slo-guard`: bundles the command into `dist/`, so that it starts quickly and keeps less. The
 * guard's image runs nothing else; in a checkout the sources run without it, and after an edit.
 */
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { rolldown } from 'rolldown';

/** What Node starts: the command, and what `entryModule` names for threads and processes. */
const ENTRIES = [
  'src/cli/index.ts',
  'src/server/query-worker.ts',
  'src/traces/span-worker.ts',
  'src/stack/exit-with-parent.ts',
];

const folder = import.meta.dirname;
rmSync(`${folder}/dist`, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: folder,
  input: ENTRIES,
  platform: 'node',
});
const { output } = await bundle.write({
  // As deep as the sources, from where `packageFile` looks up files.
  dir: 'dist/bundle',
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
});
const sources = new Set(
  output
    .flatMap(chunk => (chunk.type === 'chunk' ? chunk.moduleIds : []))
    .filter(id => id.startsWith(`${folder}/`)),
);
const states = [...sources].sort().map(path => {
  const { size, mtimeMs } = statSync(path);
  return [relative(folder, path), size, mtimeMs];
});
writeFileSync(`${folder}/dist/sources.json`, `${JSON.stringify(states)}\n`);
