import { isAbsolute, join } from 'node:path';

/** A path of a configuration file whose folder is `folder` (prometheus/common config.JoinDir): relative if both are. */
export const relativeTo = (folder: string, path: string): string =>
  isAbsolute(path) ? path : join(folder, path);
