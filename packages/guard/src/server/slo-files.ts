import { type Dirent, readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { readTextFile, type TextFile } from '../config/index.ts';
import { type Milliseconds, messageOf, UserError } from '../core/index.ts';
import { generateRules } from '../generate/index.ts';
import { loadRuleFile, type RuleFile } from '../rules/index.ts';
import { loadSloFiles, type SloModel } from '../slo/index.ts';
import type { GuardOptions } from './guard-options.ts';

/** The SLO files of a folder, as they were at one instant. */
export interface SloFolder {
  readonly files: readonly TextFile[];
  /** The folder and those below it. */
  readonly folders: readonly string[];
}

const EXTENSIONS = new Set(['.yaml', '.yml']);

/**
 * Every `.yaml` and `.yml` below a folder, sorted; none is allowed. Editors' files that begin with a dot are not read.
 *
 * @throws UserError `unreadable-folder`, `unreadable-file`
 */
export function readSloFolder(directory: string): SloFolder {
  const entries = entriesOf(directory).filter(({ name }) => !name.startsWith('.'));
  const paths = entries
    .filter(entry => !entry.isDirectory() && EXTENSIONS.has(extname(entry.name)))
    .map(entry => join(entry.parentPath, entry.name));
  const folders = entries
    .filter(entry => entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name));
  return { files: paths.sort().map(readTextFile), folders: [directory, ...folders] };
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw new UserError('unreadable-folder', `${directory} cannot be read: ${messageOf(error)}`, {
      remedy: `--slos names a folder of SLO files; create it, or give another than ${dirname(directory)}`,
    });
  }
}

interface SloRuleSettings {
  readonly evaluationInterval: Milliseconds;
  /** Of the console; undefined where it is not served. */
  readonly consoleUrl: string | undefined;
}

/** The rules of all SLOs of a folder, as one rule file; none where there is no folder. */
export type SlosToRules = (model: SloModel | undefined) => readonly RuleFile[];

/** @param settings as they are at the time of use */
export const sloRuleMaker =
  ({ slosDirectory }: Pick<GuardOptions, 'slosDirectory'>, settings: () => SloRuleSettings): SlosToRules =>
  model => {
    if (!model || model.slos.length === 0) return [];
    const { evaluationInterval, consoleUrl } = settings();
    const text = generateRules(model, { interval: evaluationInterval, dashboardUrl: consoleUrl });
    return [loadRuleFile(`${slosDirectory} (generated)`, text)];
  };

/** The SLOs of a folder; undefined where none is given. @throws UserError */
export const readSlos = (directory: string | undefined): SloModel | undefined =>
  directory === undefined ? undefined : loadSloFiles(readSloFolder(directory).files);
