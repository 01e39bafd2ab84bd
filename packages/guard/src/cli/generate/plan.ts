import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { readTextFile } from '../../config/index.ts';
import { messageOf, UserError } from '../../core/index.ts';
import {
  generateTarget,
  mergeRouting,
  type RuleSettings,
  type Target,
  type TargetOptions,
} from '../../generate/index.ts';
import { loadSloFiles } from '../../slo/index.ts';
import { generateAll } from '../../stack/index.ts';
import { readYamlFiles } from '../read-sources.ts';
import { type Leftover, leftoversIn } from './leftovers.ts';
import { warningLines } from './warning-lines.ts';

/** What is to be on disk: texts by their paths, as they are shown. */
export interface Plan {
  readonly files: ReadonlyMap<string, string>;
  /** On disk from sources that are gone; whoever loads the folder would load it too. */
  readonly leftovers: readonly Leftover[];
  /** Valid, yet probably not what was meant; a line each. */
  readonly warnings: readonly string[];
}

/** Everything of the demo: rules of the SLOs and the configuration of each part, from `stack.yaml`. */
export async function planStack(input: string, output: string, stack: string): Promise<Plan> {
  const files = await generateAll({ stack: readTextFile(stack), slos: readYamlFiles(input) });
  return {
    files: new Map([...files].map(([path, text]) => [join(output, relative('deploy', path)), text])),
    leftovers: [],
    warnings: [],
  };
}

export interface TargetPlan {
  readonly input: string;
  readonly output: string;
  readonly target: Target;
  readonly mergeInto: string | undefined;
  readonly rules: Partial<RuleSettings>;
  readonly options: Omit<TargetOptions, 'rules' | 'nameOf'>;
}

/** One target for any SLO files, whoever's folder they are in. @throws UserError with everything that is wrong */
export async function planTarget({
  input,
  output,
  target,
  mergeInto,
  rules,
  options,
}: TargetPlan): Promise<Plan> {
  const model = loadSloFiles(readYamlFiles(input));
  if (model.slos.length === 0) {
    throw new UserError('no-slos', `${input} declares no SLO`, {
      remedy: 'a first one: slo-guard init, or docs/generate.md',
    });
  }
  const warnings = warningLines(model.warnings);
  if (mergeInto !== undefined) {
    const merged = mergeRouting(readTextFile(mergeInto), model, options);
    return { files: new Map([[mergeInto, merged]]), leftovers: [], warnings };
  }
  const nameOf = (source: string) => nameUnder(input, source);
  const generated = await generateTarget(target, model, { ...options, rules, nameOf });
  const files = new Map([...generated].map(([path, text]) => [join(output, path), text]));
  return { files, leftovers: leftoversIn(output, files), warnings };
}

/** `team/shop` for `slos/team/shop.yaml` when `slos` was given, `shop` when the file itself was. */
function nameUnder(input: string, source: string): string {
  const isFolder = existsSync(input) && statSync(input).isDirectory();
  const path = isFolder ? relative(input, source) : source.split(sep).at(-1)!;
  return path
    .split(sep)
    .join('/')
    .replace(/\.ya?ml$/, '');
}

/** The text of a file; undefined where there is none. @throws UserError `unreadable-file` */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError('unreadable-file', `${path} cannot be compared: ${messageOf(error)}`);
  }
}
