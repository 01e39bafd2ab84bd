import { expect, it } from 'vitest';
import { Labels } from '../core/index.ts';
import { createMemoryStorage } from '../promql/testing.ts';
import { federationText } from './federation.ts';
import type { FederationQuestion } from './query-protocol.ts';

const storage = createMemoryStorage();
const appender = storage.appender();
appender.append(Labels.of({ __name__: 'up', job: 'b' }), 1_000, 1);
appender.append(Labels.of({ __name__: 'up', job: 'b' }), 2_000, 0);
appender.append(Labels.of({ __name__: 'up', job: 'a', instance: 'x' }), 2_000, 1e7);
appender.append(Labels.of({ __name__: 'a.b', 'c.d': 'quote " back \\ line\n' }), 2_000, 0.5);
appender.append(Labels.of({ __name__: 'gone' }), 1_000, 1);
appender.appendStale(Labels.of({ __name__: 'gone' }), 2_000);
appender.append(Labels.of({ __name__: 'old' }), 10, 1);
appender.append(Labels.of({ job: 'nameless' }), 2_000, 1);
appender.commit();

function textOf(changes: Partial<FederationQuestion>): string {
  const question: FederationQuestion = {
    matches: ['{__name__=~".+"}', '{job="nameless"}'],
    start: 500,
    end: 3_000,
    externalLabels: [
      ['dc', 'east'],
      ['instance', ''],
    ],
    escaping: 'allow-utf-8',
    ...changes,
  };
  return federationText(storage, question).next().value;
}

it('writes the newest sample of each living series with a name, by name, external labels last', () =>
  expect(textOf({})).toBe(
    String.raw`# TYPE "a.b" untyped
{"a.b","c.d"="quote \" back \\ line\n",dc="east",instance=""} 0.5 2000
# TYPE up untyped
up{instance="x",job="a",dc="east"} 1e+07 2000
up{job="b",dc="east",instance=""} 0 2000
`,
  ));

it('escapes names for clients that know the classic ones alone', () =>
  expect(textOf({ matches: ['{"a.b"}'], escaping: 'underscores', externalLabels: [] })).toBe(
    '# TYPE a_b untyped\na_b{c_d="quote \\" back \\\\ line\\n"} 0.5 2000\n',
  ));

it('gives a series that several selectors meet once, and nothing without selectors', () => {
  expect(textOf({ matches: ['up{job="b"}', 'up'], externalLabels: [] })).toBe(
    '# TYPE up untyped\nup{instance="x",job="a"} 1e+07 2000\nup{job="b"} 0 2000\n',
  );
  expect(textOf({ matches: [] })).toBe('');
});
