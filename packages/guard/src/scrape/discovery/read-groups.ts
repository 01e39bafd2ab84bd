import { z } from 'zod';
import { checkShape, readYaml } from '../../config/index.ts';
import { messageOf, UserError } from '../../core/index.ts';
import { isSecretPath } from '../../http-client/index.ts';
import { staticGroup, targetGroupField } from '../config/discovery-fields.ts';
import type { TargetGroup } from './target-group.ts';

/** JSON says of each value whether it is a text: others are mistakes. */
const jsonGroups = z
  .array(
    z.strictObject({
      targets: z.array(z.string()).nullish(),
      labels: z.record(z.string().min(1, 'a label without a name'), z.string()).nullish(),
    }),
  )
  .nullable();

/** The groups of targets in a JSON text. @throws UserError `bad-json`, `bad-target-groups` */
export function readJsonGroups(text: string): TargetGroup[] {
  const result = jsonGroups.safeParse(parseJson(text));
  if (result.success)
    return (result.data ?? []).map(({ targets, labels }) => ({
      targets: targets ?? [],
      labels: labels ?? {},
    }));
  const [issue] = result.error.issues;
  const place = issue!.path.length === 0 ? '' : ` at ${issue!.path.join('.')}`;
  throw new UserError('bad-target-groups', `not a list of target groups: ${issue!.message}${place}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError('bad-json', messageOf(error));
  }
}

const yamlGroups = z.array(targetGroupField);

/** The groups of targets in a YAML text, as Go's YAML library reads it. @throws UserError with the place of each mistake */
export function readYamlGroups(file: string, text: string): TargetGroup[] {
  // Further documents are not looked at; an empty one has no groups.
  const [source] = readYaml(file, text, { scalars: 'texts', emptyKeys: 'absent', isSecret: isSecretPath });
  return source ? checkShape(yamlGroups, source).map(staticGroup) : [];
}
