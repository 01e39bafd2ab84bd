import type { Labels, Logger, Milliseconds } from '../core/index.ts';
import { type Alert, compareAlerts } from './alert.ts';
import { createPayload } from './payload.ts';
import type { Route } from './route.ts';
import type { NotificationTemplates } from './templates/notification-templates.ts';

/** Whose labels are expanded: a group with alerts, as it is at `now`. */
export interface LabelledGroup {
  readonly route: Route;
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly alerts: readonly Alert[];
  readonly now: Milliseconds;
}

/** The labels of a group's route with their templates expanded; those that fail are left out, and the log says why. */
export type RenderRouteLabels = (group: LabelledGroup) => Record<string, string>;

interface RenderContext {
  readonly templates: NotificationTemplates;
  readonly externalUrl: string;
  readonly logger: Logger;
}

/** As Alertmanager expands them (dispatch.renderRouteLabels): with all alerts of the group and no reason. */
export function createRouteLabels({ templates, externalUrl, logger }: RenderContext): RenderRouteLabels {
  return ({ route, groupKey, groupLabels, alerts, now }) => {
    const { labels: routeLabels, receiver } = route;
    if (![...routeLabels].some(([, value]) => value.includes('{{'))) return Object.fromEntries(routeLabels);
    const sorted = alerts.toSorted(compareAlerts);
    const about = { receiver, alerts: sorted, groupLabels, groupKey, externalUrl, now };
    const told = {
      ...about,
      routeLabels: Object.fromEntries(routeLabels),
      reason: 'first notification',
    } as const;
    const payload = { ...createPayload(told, 0), notification_reason: 'unknown' } as const;
    const known = new Map<string, string>();
    const underWay: string[] = [];

    /** One label may use another. */
    function render(name: string): string {
      const source = routeLabels.get(name);
      if (source === undefined) return '';
      const rendered = known.get(name);
      if (rendered !== undefined) return rendered;
      if (underWay.includes(name))
        throw new Error(`route label cycle detected: ${[...underWay, name].join(' -> ')}`);
      underWay.push(name);
      try {
        const { text, failure } = expansion.tryText(source);
        if (failure !== undefined) throw new Error(failure);
        known.set(name, text);
        return text;
      } finally {
        underWay.pop();
      }
    }
    const expansion = templates.begin(payload, now, render);

    return Object.fromEntries(
      [...routeLabels].flatMap(([label]) => {
        try {
          return [[label, render(label)]];
        } catch (failure) {
          logger.error(
            { groupKey, label, reason: String(failure) },
            'a label of the route cannot be expanded',
          );
          return [];
        }
      }),
    );
  };
}
