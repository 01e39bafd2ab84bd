import { type ReadyFormat, ready } from './format.ts';
import { MAINTENANCE } from './maintenance/index.ts';
import { OPENSLO } from './openslo/index.ts';
import { PYRRA } from './pyrra/index.ts';
import { SLOTH } from './sloth/index.ts';

/** Every format that is read. A document is of the first that recognises it. */
export const FORMATS: readonly ReadyFormat[] = [
  ready(OPENSLO),
  ready(SLOTH),
  ready(PYRRA),
  ready(MAINTENANCE),
];
