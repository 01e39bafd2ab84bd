import { readFileSync, statSync } from 'node:fs';

const FOLDER = new URL('../', import.meta.url);

/** These run for long, and start threads and processes from their sources. */
const FROM_SOURCES = new Set(['serve', 'up', 'drill']);

/**
 * The module to run a command by: the bundle, which starts in a third of the time, unless any of its sources was
 * touched since it was built. Who edits sources runs sources.
 *
 * @param {string | undefined} command
 * @param {URL} folder of the package
 * @returns {string}
 */
export function entryFor(command, folder = FOLDER) {
  const bundle = new URL('dist/cli/index.js', folder).href;
  const sources = new URL('src/cli/index.ts', folder).href;
  return !FROM_SOURCES.has(command ?? '') && isFresh(folder) ? bundle : sources;
}

/** @param {URL} folder */
function isFresh(folder) {
  try {
    /** @type {[path: string, size: number, modified: number][]} */
    const sources = JSON.parse(readFileSync(new URL('dist/sources.json', folder), 'utf8'));
    return sources.every(([path, size, modified]) => {
      const { size: found, mtimeMs } = statSync(new URL(path, folder));
      return found === size && mtimeMs === modified;
    });
  } catch {
    // Not built, or a source is gone: the sources say what is wrong.
    return false;
  }
}
