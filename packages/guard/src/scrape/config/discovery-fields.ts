import { z } from 'zod';
import { durationField, relativeTo, textField } from '../../config/index.ts';
import { checkHttpClient, httpClientConfig, httpClientFields } from '../../http-client/index.ts';
import type { DiscoveryConfig, StaticGroup } from './types.ts';

/** Targets with their labels, as files, answers and `static_configs` list them (discovery/targetgroup). */
export const targetGroupField = z.strictObject({
  targets: z.array(textField).optional(),
  labels: z.record(z.string().min(1, 'a label without a name'), textField).optional(),
});

export const staticGroup = ({
  targets = [],
  labels = {},
}: z.infer<typeof targetGroupField>): StaticGroup => ({
  targets,
  labels,
});

/** discovery/file patFileSDName: one `*` at most, in the last part of the path. */
const FILE_PATTERN = /^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$/;

const fileField = z.strictObject({
  files: z
    .array(
      z
        .string()
        .regex(
          FILE_PATTERN,
          'a path ends in .json, .yml or .yaml and has * in its last part alone, at most once',
        ),
    )
    .min(1, 'files is empty'),
  refresh_interval: durationField.optional(),
});

const httpField = z
  .strictObject({
    url: z.url({ protocol: /^https?$/, error: 'not an http or https address' }),
    refresh_interval: durationField.optional(),
    ...httpClientFields,
  })
  .superRefine(checkHttpClient);

export const discoveryFields = {
  static_configs: z.array(targetGroupField).optional(),
  file_sd_configs: z.array(fileField).optional(),
  http_sd_configs: z.array(httpField).optional(),
};

const discoveryShape = z.object(discoveryFields);

interface WithStaticTargets {
  readonly relabel_configs?: readonly unknown[] | undefined;
  readonly static_configs?: ReadonlyArray<z.infer<typeof targetGroupField>> | undefined;
}

/**
 * Why an address with userinfo is none. Prometheus takes it and never reaches the target: url.URL writes the @ as %40. Here
 * it would be a label of every series.
 */
export const NO_CREDENTIALS = 'a target is host:port: credentials belong into basic_auth or authorization';

/** A static target is an address, unless relabelling makes one of it (config/config.go checkStaticTargets). */
export function refuseUrls(fields: WithStaticTargets, context: z.RefinementCtx): void {
  if (fields.relabel_configs?.length) return;
  for (const [i, { targets = [] }] of (fields.static_configs ?? []).entries()) {
    for (const [j, target] of targets.entries()) {
      const message = target.includes('/')
        ? 'a target is host:port, without scheme and path'
        : target.includes('@') && NO_CREDENTIALS;
      if (!message) continue;
      context.addIssue({
        code: 'custom',
        path: ['static_configs', i, 'targets', j],
        message,
        input: target,
      });
    }
  }
}

const FILE_REFRESH_MS = 300_000;
const HTTP_REFRESH_MS = 60_000;

/** Paths are relative to `folder`. */
export function discoveryConfigs(fields: z.infer<typeof discoveryShape>, folder: string): DiscoveryConfig[] {
  const { static_configs: statics, file_sd_configs: files = [], http_sd_configs: https = [] } = fields;
  return [
    ...(statics ? [{ kind: 'static' as const, groups: statics.map(staticGroup) }] : []),
    ...files.map(config => ({
      kind: 'file' as const,
      patterns: config.files.map(path => relativeTo(folder, path)),
      refreshInterval: config.refresh_interval || FILE_REFRESH_MS,
    })),
    ...https.map(config => ({
      kind: 'http' as const,
      url: config.url,
      refreshInterval: config.refresh_interval || HTTP_REFRESH_MS,
      http: httpClientConfig(config, folder),
    })),
  ];
}
