import { z } from 'zod';
import { booleanField, relativeTo, textField } from '../config/index.ts';
import {
  type Credentials,
  type HeaderConfig,
  type HttpClientConfig,
  type Secret,
  TLS_VERSIONS,
  type TlsConfig,
} from './client-config.ts';

const tlsField = z.strictObject({
  ca: textField.optional(),
  ca_file: textField.optional(),
  cert: textField.optional(),
  cert_file: textField.optional(),
  key: textField.optional(),
  key_file: textField.optional(),
  server_name: textField.optional(),
  insecure_skip_verify: booleanField.optional(),
  min_version: z.enum(TLS_VERSIONS).optional(),
  max_version: z.enum(TLS_VERSIONS).optional(),
});

const headerField = z.strictObject({
  values: z.array(textField).optional(),
  secrets: z.array(textField).optional(),
  files: z.array(textField).optional(),
});

/** The options of an HTTP client, to be spread into the object that has them; `checkHttpClient` is its check. */
export const httpClientFields = {
  basic_auth: z
    .strictObject({
      username: textField.optional(),
      username_file: textField.optional(),
      password: textField.optional(),
      password_file: textField.optional(),
    })
    .optional(),
  authorization: z
    .strictObject({
      type: textField.optional(),
      credentials: textField.optional(),
      credentials_file: textField.optional(),
    })
    .optional(),
  bearer_token: textField.optional(),
  bearer_token_file: textField.optional(),
  tls_config: tlsField.optional(),
  follow_redirects: booleanField.optional(),
  // HTTP/2 is a permission, which is never made use of.
  enable_http2: booleanField.optional(),
  http_headers: z.record(z.string(), headerField).optional(),
};

const clientFields = z.object(httpClientFields);
export type HttpClientFields = z.infer<typeof clientFields>;

/** The fields as a client's configuration; paths of files are relative to `folder`. */
export function httpClientConfig(fields: HttpClientFields, folder: string): HttpClientConfig {
  const secret = secretsIn(folder);
  const credentials = credentialsOf(fields, secret);
  return {
    ...(credentials && { credentials }),
    tls: tlsConfig(fields.tls_config ?? {}, secret),
    followRedirects: fields.follow_redirects ?? true,
    headers: Object.entries(fields.http_headers ?? {}).map(
      ([name, { values = [], secrets = [], files = [] }]): HeaderConfig => ({
        name,
        values: [
          ...[...values, ...secrets].map((text): Secret => ({ kind: 'inline', text })),
          ...files.flatMap(file => secret(undefined, file) ?? []),
        ],
      }),
    ),
  };
}

type ReadSecret = (text: string | undefined, file: string | undefined) => Secret | undefined;

const secretsIn =
  (folder: string): ReadSecret =>
  (text, file) => {
    if (text) return { kind: 'inline', text };
    return file ? { kind: 'file', path: relativeTo(folder, file) } : undefined;
  };

function credentialsOf(fields: HttpClientFields, secret: ReadSecret): Credentials | undefined {
  const { basic_auth: basic, authorization: other } = fields;
  if (basic) {
    const username = secret(basic.username, basic.username_file);
    const password = secret(basic.password, basic.password_file);
    return { kind: 'basic', ...(username && { username }), ...(password && { password }) };
  }
  const token = secret(fields.bearer_token, fields.bearer_token_file);
  if (!other && !token) return undefined;
  const credentials = other ? secret(other.credentials, other.credentials_file) : token;
  return { kind: 'other', type: other?.type?.trim() || 'Bearer', ...(credentials && { credentials }) };
}

function tlsConfig(fields: z.infer<typeof tlsField>, secret: ReadSecret): TlsConfig {
  const ca = secret(fields.ca, fields.ca_file);
  const cert = secret(fields.cert, fields.cert_file);
  const key = secret(fields.key, fields.key_file);
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(fields.server_name && { serverName: fields.server_name }),
    insecureSkipVerify: fields.insecure_skip_verify ?? false,
    ...(fields.min_version && { minVersion: fields.min_version }),
    ...(fields.max_version && { maxVersion: fields.max_version }),
  };
}
