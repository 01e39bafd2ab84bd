import type { FastifyInstance } from 'fastify';
import { messageOf } from '../core/index.ts';
import type { Store } from '../tsdb/index.ts';
import { ApiError, BadParameter } from './api-error.ts';
import { isUnreadable, readGoBoolean } from './go-numbers.ts';
import { serve } from './method-routes.ts';
import { paramsOf } from './request-forms.ts';
import {
  invalidParameter,
  MAX_TIME,
  MIN_TIME,
  optionalTimeParam,
  type RequestParams,
  requireReadable,
} from './request-params.ts';
import type { SelectorReader } from './selector-reader.ts';

export interface AdminApiOptions {
  /** `--web.enable-admin-api`; without it every request is refused. */
  readonly isEnabled: boolean;
  readonly store: Pick<Store, 'deleteSeries' | 'cleanTombstones' | 'snapshot'>;
  readonly selectors: SelectorReader;
  /** The folder that snapshots are written to. */
  readonly snapshots: string;
}

/** Gives the `data` of the answer; undefined for an answer without content. */
type Action = (params: RequestParams) => Promise<unknown>;

/** `/api/v1/admin/tsdb/…`: deletion and snapshots, for an app of `acceptForms`. */
export function registerAdminApi(app: FastifyInstance, options: AdminApiOptions): void {
  const { store, isEnabled } = options;
  const actions: Readonly<Record<string, Action>> = {
    delete_series: params => deleteSeries(options, params),
    clean_tombstones: () => orInternal('', store.cleanTombstones()),
    snapshot: params => takeSnapshot(options, params),
  };
  for (const [name, act] of Object.entries(actions)) {
    serve(app, ['POST', 'PUT'], `/api/v1/admin/tsdb/${name}`, async (request, reply) => {
      if (!isEnabled) throw new ApiError('unavailable', 'admin APIs disabled');
      const data = await act(paramsOf(request));
      return data === undefined ? reply.code(204).send() : reply.send({ status: 'success', data });
    });
  }
}

/** All selectors are read before anything is deleted. */
async function deleteSeries(
  { store, selectors }: AdminApiOptions,
  params: RequestParams,
): Promise<undefined> {
  requireReadable(params);
  const texts = params.values('match[]');
  if (texts.length === 0) throw new BadParameter('no match[] parameter provided');
  const from = optionalTimeParam(params, 'start', MIN_TIME);
  const to = optionalTimeParam(params, 'end', MAX_TIME);
  const sets = await selectors.sets(texts, 'invalid parameter "match[]": ');
  if (sets.some(set => set.every(matcher => matcher.matches(''))))
    throw invalidParameter('match[]', 'match[] must contain at least one non-empty matcher');
  await orInternal('', store.deleteSeries(sets, from, to));
}

async function takeSnapshot({ store, snapshots }: AdminApiOptions, params: RequestParams) {
  const text = params.value('skip_head');
  const skips = text === '' ? false : readGoBoolean(text);
  if (isUnreadable(skips)) throw invalidParameter('skip_head', `unable to parse boolean: ${skips.error}`);
  return { name: await orInternal('create snapshot: ', store.snapshot(snapshots)) };
}

/** What the store refuses is the server's trouble, not the client's. */
async function orInternal<T>(prefix: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new ApiError('internal', prefix + messageOf(error));
  }
}
