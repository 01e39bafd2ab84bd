export { checkHttpClient } from './client-checks.ts';
export { DEFAULT_HTTP_CLIENT, type HttpClientConfig } from './client-config.ts';
export { type HttpClientFields, httpClientConfig, httpClientFields } from './client-schema.ts';
export { createHttpClient, type HttpAnswer, type HttpClient, type HttpGet } from './http-client.ts';
