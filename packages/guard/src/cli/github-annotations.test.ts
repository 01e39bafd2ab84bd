import { expect, test } from 'vitest';
import { githubAnnotation } from './github-annotations.ts';

test('an annotation keeps its lines, and what would end its properties', () => {
  expect(
    githubAnnotation({
      level: 'warning',
      title: 'slo-guard: 100%, sure',
      message: 'one: two\nthree, 5 %',
      position: { file: 'a,b.yaml', line: 3, column: 7 },
    }),
  ).toBe('::warning file=a%2Cb.yaml,line=3,col=7,title=slo-guard%3A 100%25%2C sure::one: two%0Athree, 5 %25');
  expect(githubAnnotation({ level: 'error', title: 't', message: 'm' })).toBe('::error title=t::m');
});
