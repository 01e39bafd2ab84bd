import {
  alertmanagerDocument,
  createAnswerCheck,
} from '../../../packages/guard/src/server/alertmanager-document.testing.ts';
import { runPeer } from '../programs.ts';
import type { RouterProcess } from './router-process.ts';

export interface RouterRequest {
  readonly method: string;
  readonly path: string;
  /** As it is when a text or bytes, else as JSON. */
  readonly body?: unknown;
  readonly type?: string;
}

/** What a router says, with ids, addresses and times near now replaced, so that it can be compared. */
export interface RouterClient {
  /** `$1` in the request is the id of the first silence that this router made. */
  /** Throws where an answer of the API v2 does not fit our document, whichever router gave it. */
  ask(request: RouterRequest): Promise<{ status: number; type: string | undefined; body: unknown }>;
  amtool(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| UTC)/g;
const MINUTE_MS = 60_000;
/** The lengths in the tests (none, five minutes, hours) lie far from where rounding to this turns. */
const UNIT_MS = 4 * MINUTE_MS;
const NEAR_MS = 180 * MINUTE_MS;

const API = '/api/v2';
const fits = createAnswerCheck(alertmanagerDocument());

export function createRouterClient({ address }: RouterProcess, folder: string): RouterClient {
  const ids: string[] = [];

  const withIds = (text: string) => text.replace(/\$(\d+)/g, (_, n) => ids[Number(n) - 1] ?? `no id ${n}`);

  function comparable(text: string): string {
    for (const [id] of text.matchAll(UUID)) if (!ids.includes(id)) ids.push(id);
    return text
      .replaceAll(address, 'ROUTER')
      .replace(UUID, id => `$${ids.indexOf(id) + 1}`)
      .replace(TIME, time => {
        const away = Date.parse(time.replace(' UTC', 'Z').replace(' ', 'T')) - Date.now();
        return Math.abs(away) > NEAR_MS ? time : `now+${Math.abs(Math.round(away / UNIT_MS))}`;
      });
  }

  return {
    async ask({ method, path, body, type = 'application/json' }) {
      const isRaw = typeof body === 'string' || body === undefined || body instanceof Uint8Array;
      const sent = isRaw ? body : JSON.stringify(body);
      const answer = await fetch(`http://${address}${withIds(path)}`, {
        method,
        ...(sent !== undefined && {
          body: typeof sent === 'string' ? withIds(sent) : sent,
          headers: { 'content-type': type },
        }),
      });
      const raw = await answer.text();
      const faults = path.startsWith(API)
        ? fits({ method, path: path.slice(API.length), status: answer.status, text: raw })
        : [];
      if (faults.length > 0) throw new Error(`${address}: ${faults.join('\n')}`);
      const said = comparable(raw);
      return {
        status: answer.status,
        type: answer.headers.get('content-type')?.split(';')[0],
        body: said === '' ? '' : withoutGoWords(JSON.parse(said)),
      };
    },
    async amtool(...args) {
      const printed = await runPeer(
        'amtool',
        [`--alertmanager.url=http://${address}`, '--no-version-check', ...args.map(withIds)],
        folder,
      );
      return { ...printed, stdout: comparable(printed.stdout), stderr: comparable(printed.stderr) };
    },
  };
}

/** Why a body could not be read is in the words of Go's decoder; the methods of a path come in any order. */
function withoutGoWords(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('message' in body)) return body;
  const message = String(body.message)
    .replace(/^parsing .* failed, because .*$/s, 'unreadable')
    .replace('[POST,GET]', '[GET,POST]')
    .replace('[DELETE,GET]', '[GET,DELETE]');
  return { ...body, message };
}
