import { writeFileSync } from 'node:fs';
import { formatProblem } from '../../core/index.ts';
import { loadSloFiles, writeOpenSlo } from '../../slo/index.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readYamlFiles } from '../read-sources.ts';
import { endWithReader } from '../terminal.ts';

export interface ConvertFlags {
  readonly output: string;
}

/** `slo-guard convert`. @throws UserError of the files, `not-in-openslo`; nothing is written then */
export function convert(paths: readonly string[], { output }: ConvertFlags): ExitCode {
  endWithReader(process.stdout);
  const { slos, warnings } = loadSloFiles(paths.flatMap(readYamlFiles));
  const text = writeOpenSlo(slos);
  for (const { code, message, position } of warnings)
    process.stderr.write(`${formatProblem({ code, message, ...(position && { position }) })}\n`);
  if (output === '-') process.stdout.write(text);
  else writeFileSync(output, text);
  return EXIT.good;
}
