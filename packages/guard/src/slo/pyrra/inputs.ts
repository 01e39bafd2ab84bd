import { readYaml } from '../../config/index.ts';
import { UserError } from '../../core/index.ts';
import { readPyrra } from './read.ts';
import type { PyrraObjective } from './spec.ts';

export const isPyrra = ({ apiVersion }: { readonly apiVersion?: unknown }): boolean =>
  apiVersion === 'pyrra.dev/v1alpha1';

/** Every objective of a file. @throws UserError with every problem of the file */
export function readPyrraInputs(file: string, text: string): PyrraObjective[] {
  const results = readYaml(file, text).map(source =>
    isPyrra((source.value ?? {}) as object)
      ? readPyrra(source)
      : {
          documents: [],
          problems: [
            source.problemAt([], {
              code: 'unknown-format',
              message: 'not a document that Pyrra reads',
              remedy: 'begin it with apiVersion: pyrra.dev/v1alpha1 and kind: ServiceLevelObjective',
            }),
          ],
        },
  );
  const [first, ...rest] = results.flatMap(({ problems }) => problems);
  if (first) throw UserError.ofProblems([first, ...rest]);
  return results.flatMap(({ documents }) => documents);
}
