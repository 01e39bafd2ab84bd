import { readYaml, type YamlSource } from '../../config/index.ts';
import { type Problem, UserError } from '../../core/index.ts';
import type { ReadResult } from '../format.ts';
import { readOpenSloAsSloth, type SlothOpenSlo } from './openslo-v1alpha.ts';
import { readSloth } from './read.ts';
import type { SlothSpec } from './spec.ts';

interface Header {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly version?: unknown;
}

/** Whether a document is of one of Sloth's own two forms, judged by its header. */
export const isSloth = ({ apiVersion, kind, version }: Header): boolean =>
  version === 'prometheus/v1' || (apiVersion === 'sloth.slok.dev/v1' && kind === 'PrometheusServiceLevel');

/** Every document of a file that `sloth generate` takes. @throws UserError with every problem of the file */
export function readSlothInputs(file: string, text: string): (SlothSpec | SlothOpenSlo)[] {
  const results = readYaml(file, text).map(readInput);
  const [first, ...rest] = results.flatMap(({ problems }) => problems);
  if (first) throw UserError.ofProblems([first, ...rest]);
  return results.flatMap(({ documents }) => documents);
}

function readInput(source: YamlSource): ReadResult<SlothSpec | SlothOpenSlo> {
  const header = (source.value ?? {}) as Header;
  if (isSloth(header)) return readSloth(source);
  if (header.apiVersion === 'openslo/v1alpha' && header.kind === 'SLO') return readOpenSloAsSloth(source);
  const problem: Problem = source.problemAt([], {
    code: 'unknown-format',
    message: 'not a document that Sloth reads',
    remedy:
      'begin it with version: prometheus/v1, or with apiVersion: sloth.slok.dev/v1 and kind: PrometheusServiceLevel; ' +
      'of OpenSLO it reads apiVersion: openslo/v1alpha with kind: SLO',
  });
  return { documents: [], problems: [problem] };
}
