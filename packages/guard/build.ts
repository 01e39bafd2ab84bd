/**
 * `npm run build -w slo-guard`: bundles the command into `dist/`, so that it starts quickly. Nothing needs it: without
 * it, and after an edit, the sources run.
 */
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { rolldown } from 'rolldown';

const folder = import.meta.dirname;
rmSync(`${folder}/dist`, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: folder,
  input: 'src/cli/index.ts',
  platform: 'node',
  // What `bin/built.js` runs from its sources.
  external: id => /\/commands\/(serve|up|drill)\.ts$/.test(id),
});
const { output } = await bundle.write({
  // As deep as `src/cli`, from where files of the package are looked up.
  dir: 'dist/cli',
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
