import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** This file lies two folders below the package, as `src/core/…` and, built, as `dist/bundle/…`. */
const PACKAGE = new URL('../../', import.meta.url);
const isBuilt = import.meta.url.endsWith('.js');

/** The path of a file that the package has, run from its sources or from its bundle. @param path from the package's folder */
export const packageFile = (path: string): string => fileURLToPath(new URL(path, PACKAGE));

/**
 * The module that a thread or a process starts with: the source, or its bundle where the code that asks is bundled.
 *
 * @param path below `src`, without its ending; `build.ts` lists it among what it bundles
 */
export const entryModule = (path: string): URL =>
  new URL(isBuilt ? `dist/bundle/${basename(path)}.js` : `src/${path}.ts`, PACKAGE);
