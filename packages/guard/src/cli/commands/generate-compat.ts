import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import type { TextFile } from '../../config/index.ts';
import { type Problem, UserError } from '../../core/index.ts';
import { generatePyrra, generateSloth } from '../../generate/index.ts';
import { readPyrraInputs, readSlothInputs } from '../../slo/index.ts';
import { pyrraOptions, slothOptions } from '../compat-flags.ts';
import type { CompatTool, PyrraFlags, SlothFlags } from '../compat-owners.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readYamlFiles } from '../read-sources.ts';

export interface CompatFlags extends SlothFlags, PyrraFlags {
  readonly compat: CompatTool;
  readonly input: string;
  /** `-` is standard output. */
  readonly output: string;
  readonly check: boolean;
}

/** `slo-guard generate --compat`: the files that Sloth or Pyrra would write; none when any source is wrong. */
export async function generateCompat(flags: CompatFlags): Promise<ExitCode> {
  const files = readYamlFiles(flags.input);
  const written = rulesOf(files, flags);
  if (flags.compat === 'sloth') process.stderr.write(EQUAL_WEIGHT);
  if (flags.output === '-') return print([...written.values()]);
  const placed = placesOf(written, flags);
  if (flags.check) return check(placed, flags);
  for (const [path, text] of placed) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    process.stdout.write(`${path}\n`);
  }
  return EXIT.good;
}

const EQUAL_WEIGHT =
  "warning: Sloth's period ratio weighs every slice of its shortest window alike, whatever its traffic " +
  '[equal-weight-slices]\n';

/** The text of each file that is to be written, by its path below the output. */
function rulesOf(files: readonly TextFile[], flags: CompatFlags): Map<string, string> {
  const generate = generatorFor(flags);
  const problems: Problem[] = [];
  const written = new Map<string, string>();
  for (const source of files) {
    try {
      for (const [name, text] of generate(source)) written.set(name, text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
    }
  }
  const [first, ...rest] = problems;
  if (first) throw UserError.ofProblems([first, ...rest]);
  return written;
}

type Generator = (source: TextFile) => ReadonlyArray<readonly [name: string, text: string]>;

function generatorFor(flags: CompatFlags): Generator {
  const isFolder = statSync(flags.input).isDirectory();
  const nameOf = ({ file }: TextFile) => (isFolder ? relative(flags.input, file) : basename(file));
  if (flags.compat === 'sloth') {
    const options = slothOptions(flags);
    return source => [[nameOf(source), generateSloth(readSlothInputs(source.file, source.text), options)]];
  }
  const options = pyrraOptions(flags);
  return source => {
    const name = nameOf(source);
    const extension = extname(name);
    return generatePyrra(readPyrraInputs(source.file, source.text), options).map(
      ({ suffix, text }) => [`${name.slice(0, -extension.length)}${suffix}${extension}`, text] as const,
    );
  };
}

function print(texts: readonly string[]): ExitCode {
  if (texts.length !== 1) {
    throw new UserError('bad-option', `${texts.length} files would go to standard output`, {
      remedy: 'give a directory: -o DIR',
    });
  }
  process.stdout.write(texts[0]!);
  return EXIT.good;
}

/** A file is written to the file that is named, or into the directory, which keeps its name. */
function placesOf(written: ReadonlyMap<string, string>, { input, output }: CompatFlags): Map<string, string> {
  const intoFolder =
    statSync(input).isDirectory() ||
    written.size > 1 ||
    output.endsWith('/') ||
    (existsSync(output) && statSync(output).isDirectory());
  const placed = new Map(
    [...written].map(([name, text]) => [intoFolder ? join(output, name) : output, text] as const),
  );
  const overwritten = [...placed.keys()].find(path => resolve(path) === resolve(input));
  if (overwritten !== undefined || (intoFolder && resolve(output) === resolve(input))) {
    throw new UserError('bad-option', `${output} would overwrite the SLO files`, {
      remedy: 'give another -o',
    });
  }
  return placed;
}

async function check(placed: ReadonlyMap<string, string>, { compat }: CompatFlags): Promise<ExitCode> {
  const { checkAll } = await import('../../stack/index.ts');
  try {
    checkAll('', placed, `slo-guard generate --compat ${compat}`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.no;
  }
  process.stdout.write(`${placed.size} files are as generated\n`);
  return EXIT.good;
}
