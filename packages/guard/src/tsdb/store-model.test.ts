import { it } from 'vitest';
import { checkModel } from './store-model.testing.ts';

it('a store holds what was written and not deleted, through maintenance, backfills, crashes and reopening', () =>
  checkModel(40));
