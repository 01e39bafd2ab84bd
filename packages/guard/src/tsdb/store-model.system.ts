import { it } from 'vitest';
import { checkModel } from './store-model.testing.ts';

it('a store holds what was written and not deleted, in 2,000 random lives', () => checkModel(2000));
