import { expect, it } from 'vitest';
import { escapeName, unescapeName } from './name-escaping.ts';

it.each([
  ['http.status_code', 'underscores', 'http_status_code'],
  ['http.status_code', 'dots', 'http_dot_status__code'],
  ['http.status_code', 'values', 'U__http_2e_status__code'],
  ['http.status_code', 'allow-utf-8', 'http.status_code'],
  ['plain_name', 'values', 'plain_name'],
  ['plain_name', 'dots', 'plain__name'],
  ['9é', 'underscores', '__'],
  ['9é', 'values', 'U___39__e9_'],
] as const)('writes %s in the scheme %s as %s', (name, scheme, escaped) =>
  expect(escapeName(name, scheme)).toBe(escaped),
);

it.each([
  ['U__http_2e_status__code', 'http.status_code'],
  ['U__job', 'job'],
  ['U___39__e9_', '9é'],
  ['job', 'job'],
  ['U__', ''],
  ['U___', 'U___'],
  ['U__a_2e', 'U__a_2e'],
  ['U__a_zz_', 'U__a_zz_'],
  ['U__a_d800_', 'U__a_d800_'],
  ['U__a_10ffff_', 'U__a_10ffff_'],
])('reads %s as %s', (escaped, name) => expect(unescapeName(escaped)).toBe(name));
