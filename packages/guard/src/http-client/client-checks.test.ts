import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkHttpClient, httpClientFields } from './index.ts';

const schema = z.strictObject(httpClientFields).superRefine(checkHttpClient);

describe('the options', () => {
  it.each([
    [
      { basic_auth: { password: 'a', password_file: 'b' } },
      'basic_auth.password_file',
      'password and password_file',
    ],
    [{ tls_config: { ca: 'a', ca_file: 'b' } }, 'tls_config.ca_file', 'ca and ca_file'],
    [{ tls_config: { cert: 'a' } }, 'tls_config', 'a certificate needs its key'],
    [{ tls_config: { key: 'a' } }, 'tls_config', 'a key needs its certificate'],
    [{ tls_config: { min_version: 'TLS13', max_version: 'TLS12' } }, 'tls_config.max_version', 'older'],
    [{ tls_config: { min_version: 'TLS14' } }, 'tls_config.min_version', 'Invalid option'],
    [{ basic_auth: {}, bearer_token: 'a' }, 'bearer_token', 'basic_auth and bearer_token'],
    [{ authorization: { type: 'basic' } }, 'authorization.type', 'basic_auth'],
    [{ http_headers: { Host: { values: ['a'] } } }, 'http_headers.Host', 'reserved'],
    [{ http_headers: { 'a b': { values: ['a'] } } }, 'http_headers.a b', "not a header's name"],
    [{ follow_redirects: 'maybe' }, 'follow_redirects', 'expected boolean'],
  ])('refuse %j', (options, path, message) => {
    const issue = schema.safeParse(options).error!.issues[0]!;
    expect(issue.path.join('.')).toBe(path);
    expect(issue.message).toContain(message);
  });
});
