export { BLOCKED_PORTS } from './blocked-ports.ts';
export { checkHttpClient } from './client-checks.ts';
export {
  type Credentials,
  DEFAULT_HTTP_CLIENT,
  type HttpClientConfig,
  type Secret,
  type TlsConfig,
} from './client-config.ts';
export { type HttpClientFields, httpClientConfig, httpClientFields } from './client-schema.ts';
export { createConnections } from './connections.ts';
export { headerSecrets, isOrdinaryWord, redactHeaders } from './header-secrets.ts';
export {
  createHttpClient,
  type HttpAnswer,
  type HttpClient,
  type HttpGet,
  type HttpPost,
  isSuccess,
  textOf,
} from './http-client.ts';
export { createRedact, type Redact, redactError, shownBeginning, withhold } from './redact.ts';
export { configuredHeaders } from './request-headers.ts';
export { isSecretPath } from './secret-paths.ts';
export { readSecret } from './secrets.ts';
export { readTlsMaterial, tlsOptions } from './tls-context.ts';
export { whyUnanswered } from './transport-error.ts';
export { withoutUserinfo } from './userinfo.ts';
