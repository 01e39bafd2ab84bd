import google30d from './google-30d.json' with { type: 'json' };
import type { Policy } from './policy.ts';
import { POLICY_SCHEMA, policyOfShape } from './policy-file.ts';
import pyrra from './pyrra.json' with { type: 'json' };
import seed from './seed.json' with { type: 'json' };
import sloth from './sloth.json' with { type: 'json' };

const FILES = { seed, 'google-30d': google30d, sloth, pyrra } as const;

export type PolicyName = keyof typeof FILES;

export const POLICY_NAMES = Object.keys(FILES) as PolicyName[];

const BUILT_IN = new Map<string, Policy>(
  Object.values(FILES).map(file => [file.name, policyOfShape(POLICY_SCHEMA.parse(file))]),
);

/** The built-in policy of that name, for the period of its file. */
export const policyOf = (name: PolicyName): Policy => BUILT_IN.get(name)!;

/** Policies by name: the built-in ones and a user's own, which go before. */
export interface PolicyBook {
  readonly names: readonly string[];
  /** For the period that the policy was written for; undefined when there is none of that name. */
  get(name: string): Policy | undefined;
}

export const createPolicyBook = (own: readonly Policy[] = []): PolicyBook =>
  extendPolicyBook({ names: [...BUILT_IN.keys()], get: name => BUILT_IN.get(name) }, own);

/** The policies of a book and more, which go before those of the same names. */
export function extendPolicyBook(book: PolicyBook, more: readonly Policy[]): PolicyBook {
  const added = new Map(more.map(policy => [policy.name, policy]));
  return {
    names: [...new Set([...book.names, ...added.keys()])],
    get: name => added.get(name) ?? book.get(name),
  };
}
