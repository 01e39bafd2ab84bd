import type { Clock } from '../core/index.ts';
import type { Alert } from './alert.ts';
import type { AlertmanagerConfig, ReceiverConfig } from './config.ts';
import { createDispatcher, type Dispatcher } from './dispatcher.ts';
import { createInhibitor, type Inhibitor } from './inhibitor.ts';
import type { Notifier } from './notifier.ts';
import type { Integration } from './pipeline/delivery.ts';
import type { PipelineParts } from './pipeline/parts.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import type { IntegrationConfig } from './receivers/config.ts';
import { createRoutingTree, type Route } from './route.ts';
import { createRouteLabels, type RenderRouteLabels } from './route-labels.ts';
import { createTimeIntervals } from './time-interval.ts';

/** What a configuration gives rise to; exchanged whole by a reload. */
export interface Routing {
  readonly config: AlertmanagerConfig;
  readonly root: Route;
  readonly inhibitor: Inhibitor;
  readonly dispatcher: Dispatcher;
  readonly renderRouteLabels: RenderRouteLabels;
  /** Brings alerts in. Sources come first, so that nothing slips past inhibition. */
  enter(alerts: Iterable<Alert>, settledIn?: (fingerprint: string) => ReadonlySet<string> | undefined): void;
}

export type CreateNotifier = (config: IntegrationConfig, receiver: string) => Notifier;

export interface RoutingOptions {
  readonly clock: Clock;
  readonly createNotifier: CreateNotifier;
  /** What outlives a configuration. */
  readonly parts: Omit<PipelineParts, 'inhibitor' | 'timeIntervals' | 'integrationsOf' | 'renderRouteLabels'>;
  readonly onSettled: (fingerprints: readonly string[], groupId: string) => void;
}

export function createRouting(config: AlertmanagerConfig, options: RoutingOptions): Routing {
  const { clock, createNotifier, parts, onSettled } = options;
  const root = createRoutingTree(config.route);
  const inhibitor = createInhibitor(config.inhibitRules);
  const integrations = new Map(
    config.receivers.map(receiver => [receiver.name, integrationsOf(receiver, createNotifier)]),
  );
  const renderRouteLabels = createRouteLabels({ ...parts, templates: config.templates });
  const pipeline = createPipeline({
    ...parts,
    renderRouteLabels,
    inhibitor,
    timeIntervals: createTimeIntervals(config.timeIntervals),
    integrationsOf: receiver => integrations.get(receiver) ?? [],
  });
  const dispatcher = createDispatcher({ root, clock, onSettled, flush: pipeline });
  return {
    config,
    root,
    inhibitor,
    dispatcher,
    renderRouteLabels,
    enter(alerts, settledIn) {
      const all = [...alerts];
      for (const alert of all) inhibitor.observe(alert);
      for (const alert of all) dispatcher.dispatch(alert, settledIn?.(alert.fingerprint));
    },
  };
}

const integrationsOf = (
  { name: receiver, integrations }: ReceiverConfig,
  createNotifier: CreateNotifier,
): Integration[] =>
  integrations.map(config => ({
    receiver,
    kind: config.kind,
    name: config.name,
    sendResolved: config.sendResolved,
    notifier: createNotifier(config, receiver),
  }));
