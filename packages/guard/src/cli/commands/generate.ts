import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { readTextFile } from '../../config/index.ts';
import { UserError } from '../../core/index.ts';
import { checkAll, generateAll } from '../../stack/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readYamlFiles } from '../read-sources.ts';

interface GenerateFlags {
  readonly input: string;
  readonly output: string;
  readonly stack: string;
  readonly check: boolean;
}

/** `slo-guard generate`: writes nothing when any source is wrong; with `--check`, exit code 1 when files differ. */
export async function generate({ input, output, stack, check }: GenerateFlags): Promise<ExitCode> {
  const files = generateAll({ stack: readTextFile(stack), slos: readYamlFiles(input) });
  const placed = new Map([...files].map(([path, text]) => [join(output, relative('deploy', path)), text]));
  if (check) return checkFiles(placed);
  for (const [path, text] of placed) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    process.stdout.write(`${path}\n`);
  }
  return EXIT.good;
}

function checkFiles(files: ReadonlyMap<string, string>): ExitCode {
  try {
    checkAll('.', files);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT.no;
  }
  process.stdout.write(`${files.size} files are as generated\n`);
  return EXIT.good;
}
