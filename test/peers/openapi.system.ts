import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  alertmanagerDocument,
  METHODS,
  resolved,
  type SwaggerDocument,
} from '../../packages/guard/src/server/alertmanager-document.testing.ts';
import { PEERS } from '../../scripts/peers/catalog.ts';

type Node = Readonly<Record<string, unknown>>;

function theirs(): SwaggerDocument {
  const { module } = PEERS.find(({ name }) => name === 'alertmanager')!;
  const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' }));
  return parse(readFileSync(join(Dir, 'api/v2/openapi.yaml'), 'utf8'));
}

/** Everything but words and what is marked as ours: each `$ref` to other sections followed, `allOf` in one order. */
function bare(document: SwaggerDocument, value: unknown): unknown {
  if (Array.isArray(value)) {
    const isSet = value.every(each => typeof each === 'string');
    return isSet ? value.toSorted() : value.map(each => bare(document, each)).sort(byText);
  }
  if (typeof value !== 'object' || value === null) return value;
  const node = value as Node;
  const ref = String(node.$ref ?? '');
  if (/^#\/(?:parameters|responses)\//.test(ref)) return bare(document, resolved(document, node));
  return Object.fromEntries(
    Object.entries(node)
      .sort(byText)
      .filter(
        ([name, each]) =>
          !WORDS.has(name) &&
          !isOtherAnswer(name, each) &&
          !(isOurs(each) || (name === 'required' && each === false)),
      )
      .map(([name, each]) => [
        name,
        name === 'properties' ? named(document, each as Node) : bare(document, each),
      ]),
  );
}

/** Properties may bear the names of words. */
const named = (document: SwaggerDocument, properties: Node) =>
  Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, bare(document, each)]));

const WORDS = new Set(['description', 'summary', 'tags']);
/** The answer to everything else, which the original does not tell of. */
const isOtherAnswer = (name: string, value: unknown) => name === 'default' && typeof value === 'object';
const isOurs = (value: unknown) => typeof value === 'object' && value !== null && 'x-slo-guard' in value;
const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** The operations with the parameters of their paths. */
function operations(document: SwaggerDocument): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(document.paths)
      .filter(([, path]) => !isOurs(path))
      .flatMap(([name, path]) =>
        METHODS.filter(method => method in path).map(method => {
          const { parameters = [], ...operation } = path[method] as Node & { parameters?: Node[] };
          const all = [...parameters, ...((path.parameters as Node[]) ?? [])].map(each =>
            bare(document, each),
          );
          const unique = [
            ...new Map(all.map(each => [`${(each as Node).in} ${(each as Node).name}`, each])).values(),
          ];
          return [
            `${method} ${name}`,
            { ...(bare(document, operation) as Node), parameters: unique.sort(byText) },
          ];
        }),
      ),
  );
}

const definitions = (document: SwaggerDocument) =>
  Object.fromEntries(
    Object.entries(document.definitions)
      .filter(([, definition]) => !isOurs(definition))
      .map(([name, definition]) => [name, bare(document, definition)]),
  );

/** It requires `annotations` of each silence, and answers without them where there are none (see the API's cases). */
const withoutUnkeptPromise = (all: Record<string, unknown>) => ({
  ...all,
  gettableSilence: JSON.parse(
    JSON.stringify(all.gettableSilence).replace('"required":["annotations",', '"required":['),
  ),
});

it("our document of the API v2 has the real one's paths, methods, parameters, codes and definitions", () => {
  const [original, ours] = [theirs(), alertmanagerDocument()];
  expect(Object.keys(operations(original)).length).toBe(9);
  expect(operations(ours)).toEqual(operations(original));
  expect(Object.keys(definitions(original)).length).toBe(23);
  expect(definitions(ours)).toEqual(withoutUnkeptPromise(definitions(original)));
});
