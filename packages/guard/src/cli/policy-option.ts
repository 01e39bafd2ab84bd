import { existsSync } from 'node:fs';
import { readTextFile } from '../config/index.ts';
import { UserError } from '../core/index.ts';
import {
  createPolicyBook,
  type Policy,
  type PolicyBook,
  readPolicyFile,
  type SloModel,
  scalePolicy,
  windowLength,
} from '../slo/index.ts';

/** The built-in policies and those of `--policy FILE`. @throws UserError of `readTextFile` and `readPolicyFile` */
export const policyBookOf = (files: readonly string[]): PolicyBook =>
  createPolicyBook(files.map(readTextFile).map(({ file, text }) => readPolicyFile(file, text)));

/** The policy that a name or a file stands for. @throws UserError `unknown-policy`, or as `policyBookOf` */
export function policyOption(text: string): Policy {
  const book = createPolicyBook();
  const known = book.get(text);
  if (known) return known;
  if (existsSync(text)) return readPolicyFile(...fileOf(text));
  throw new UserError('unknown-policy', `--policy: ${JSON.stringify(text)} is neither a policy nor a file`, {
    remedy: `give a file, or one of ${book.names.join(', ')}`,
  });
}

function fileOf(path: string): [file: string, text: string] {
  const { file, text } = readTextFile(path);
  return [file, text];
}

/** The model as if each of its objectives had chosen that policy. */
export const withPolicy = (model: SloModel, policy: Policy): SloModel => ({
  ...model,
  slos: model.slos.map(slo => ({ ...slo, policy: scalePolicy(policy, windowLength(slo.window)) })),
});
