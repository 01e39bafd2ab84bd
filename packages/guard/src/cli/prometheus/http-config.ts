import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { checkShape, readOneYaml, readTextFile } from '../../config/index.ts';
import {
  checkHttpClient,
  type HttpClientConfig,
  httpClientConfig,
  httpClientFields,
  isSecretPath,
} from '../../http-client/index.ts';

const schema = z.strictObject(httpClientFields).superRefine(checkHttpClient);

/**
 * Reads the file of promtool's `--http.config.file`: Prometheus's HTTP client options.
 *
 * @throws UserError `unreadable-file`, `bad-yaml`, `unknown-field`, `bad-value`, with place
 */
export function readHttpConfig(path: string): HttpClientConfig {
  const { file, text } = readTextFile(path);
  return httpClientConfig(
    checkShape(schema, readOneYaml(file, text, { isSecret: isSecretPath })),
    dirname(resolve(file)),
  );
}
