import { messageOf, startTicker, UserError, withDeadline } from '../../core/index.ts';
import {
  createHttpClient,
  type HttpAnswer,
  redactError,
  withhold,
  withoutUserinfo,
} from '../../http-client/index.ts';
import { collectBody } from '../body.ts';
import type { DiscoveryConfig } from '../config/types.ts';
import type { Discovery, DiscoveryContext } from './discovery.ts';
import { readJsonGroups } from './read-groups.ts';
import type { TargetGroup } from './target-group.ts';

type HttpDiscoveryConfig = Extract<DiscoveryConfig, { kind: 'http' }>;

const JSON_TYPE = /^application\/json(;\s*charset=("utf-8"|utf-8))?$/i;
/** A list of a million targets is smaller. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Targets from an HTTP endpoint (discovery/http). A request that fails keeps the targets that were found before. */
export function startHttpDiscovery(config: HttpDiscoveryConfig, context: DiscoveryContext): Discovery {
  const { clock, logger, metrics } = context;
  const client = createHttpClient({ config: config.http });
  const ending = new AbortController();
  const shownUrl = withoutUserinfo(config.url).url;
  const headers = {
    accept: 'application/json',
    'user-agent': 'slo-guard',
    'x-prometheus-refresh-interval-seconds': String(config.refreshInterval / 1000),
  };
  let groups: readonly TargetGroup[] = [];

  const deadline = { clock, limit: config.refreshInterval, ending: ending.signal, tooLate };

  function tooLate(): Error {
    const seconds = config.refreshInterval / 1000;
    return new UserError('discovery-timeout', `no whole answer within the refresh interval of ${seconds} s`);
  }

  const ask = (): Promise<readonly TargetGroup[]> =>
    withDeadline(deadline, async signal => {
      const answer = await client.get({ url: config.url, headers, signal });
      return readAnswer(answer).catch(error => Promise.reject(redactError(error, answer.redact)));
    });

  async function refresh(): Promise<void> {
    const started = clock.monotonic();
    try {
      groups = (await ask()).map(({ targets, labels }) => ({
        targets,
        labels: { ...labels, __meta_url: shownUrl },
      }));
      if (!ending.signal.aborted) context.onChange();
    } catch (error) {
      if (ending.signal.aborted) return;
      metrics.httpFailures.inc();
      for (const job of context.jobs()) metrics.refreshFailures.inc({ mechanism: 'http', config: job });
      logger.error(
        { error: messageOf(error), jobs: context.jobs() },
        'no targets over HTTP; those before stay',
      );
    }
    const seconds = (clock.monotonic() - started) / 1000;
    for (const job of context.jobs())
      metrics.refreshDuration.observe({ mechanism: 'http', config: job }, seconds);
  }

  const ticker = startTicker(clock, {
    interval: config.refreshInterval,
    offset: 'now',
    onTick: refresh,
    onError: error => logger.error({ error: messageOf(error) }, 'targets over HTTP were not read'),
  });
  return {
    groups: () => groups,
    async stop() {
      ending.abort(new UserError('discovery-stopped', 'discovery was stopped'));
      await ticker.stop();
      await client.close();
    },
  };
}

async function readAnswer(answer: HttpAnswer): Promise<TargetGroup[]> {
  const type = (answer.header('content-type') ?? '').trim();
  if (answer.status !== 200 || !JSON_TYPE.test(type)) await answer.body.dump();
  if (answer.status !== 200) throw new UserError('http-status', `the answer was ${answer.statusLine}`);
  if (!JSON_TYPE.test(type))
    throw new UserError('unsupported-content-type', `the Content-Type ${JSON.stringify(type)} is not JSON`);
  const tooLarge = () => new UserError('body-size-limit', `the list is larger than ${MAX_BYTES} bytes`);
  const text = Buffer.from(await collectBody(answer.body, MAX_BYTES, tooLarge)).toString();
  try {
    return readJsonGroups(text);
  } catch (error) {
    throw withhold(error, { what: 'the list', text, redact: answer.redact });
  }
}
