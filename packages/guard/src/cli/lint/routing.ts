import { createRoutingTree, loadAlertmanagerConfig, matchRoutes } from '../../alertmanager/index.ts';
import { readOneYaml, type TextFile } from '../../config/index.ts';
import { Labels } from '../../core/index.ts';
import type { Routing } from '../../slo/index.ts';

/** Routing as an Alertmanager's file has it. @throws UserError of `loadAlertmanagerConfig` */
export function routingOf({ file, text }: TextFile): Routing {
  const { route } = loadAlertmanagerConfig(file, text);
  const root = createRoutingTree(route);
  const telling = tellingReceivers(file, text);
  return {
    receiversOf: labels =>
      matchRoutes(root, Labels.of(Object.entries(labels))).map(({ receiver }) => ({
        name: receiver,
        tells: telling.has(receiver),
      })),
  };
}

/** Receivers with any integration, `webhook_configs` and the like. */
function tellingReceivers(file: string, text: string): Set<unknown> {
  const { receivers } = readOneYaml(file, text).value as { receivers?: Record<string, unknown>[] };
  return new Set(
    (receivers ?? [])
      .filter(receiver =>
        Object.entries(receiver).some(
          ([key, list]) => key.endsWith('_configs') && Array.isArray(list) && list.length > 0,
        ),
      )
      .map(({ name }) => name),
  );
}
