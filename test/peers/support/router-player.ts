import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeState } from '../../../packages/guard/src/alertmanager/scenarios/describe-state.ts';
import type { Player, PostedAlert } from '../../../packages/guard/src/alertmanager/scenarios/play.ts';
import type { Receivers } from '../../../packages/guard/src/alertmanager/scenarios/receivers.ts';
import type { Answer, Scenario } from '../../../packages/guard/src/alertmanager/scenarios/scenario.ts';
import { startRouter } from './router-process.ts';

const MATCHER = /^("(?:[^"\\]|\\.)*"|[^=!~]+)(=~|!~|!=|=)(.*)$/s;
const unquote = (text: string): string => (text.startsWith('"') ? JSON.parse(text) : text);

/** A real Alertmanager in a process of its own, in real time; the scenario starts when it is ready. */
export async function startRealPlayer(
  { config }: Scenario,
  createReceivers: (startedAt: () => number) => Receivers,
  folder: string,
): Promise<Player & { readonly receivers: Receivers; stop(): Promise<void> }> {
  let startedAt = 0;
  const receivers = createReceivers(() => startedAt);
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      const answer = receivers.take(request.url!.slice(1), body, Date.now() - startedAt);
      void respond(answer, response);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const text = config.replaceAll(/\$([\w-]+)/g, `${address}/$1`);
  let router = await startRouter('alertmanager', folder, text);
  startedAt = Date.now();

  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`http://${router.address}/api/v2${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${said}`);
    return said === '' ? undefined : JSON.parse(said);
  }

  return {
    router: 'alertmanager',
    receivers,
    get startedAt() {
      return startedAt;
    },
    until: at => sleep(Math.max(0, startedAt + at - Date.now())).then(() => {}),
    post: async alert => void (await ask('POST', '/alerts', [postable(alert)])),
    async silence(id, { matchers, startsAt, endsAt }) {
      const made = await ask('POST', '/silences', {
        ...(id && { id }),
        matchers: matchers.map(matcherOf),
        startsAt: new Date(startsAt),
        endsAt: new Date(endsAt),
        createdBy: 'me',
        comment: '',
      });
      return (made as { silenceID: string }).silenceID;
    },
    expire: async id => void (await ask('DELETE', `/silence/${id}`)),
    answer: receivers.answer,
    async restart() {
      await router.stop();
      router = await startRouter('alertmanager', folder, text);
    },
    async reload() {
      const { status } = await fetch(`http://${router.address}/-/reload`, { method: 'POST' });
      if (status !== 200) throw new Error(`reload: ${status}`);
    },
    async stateOf(alertname) {
      const filter = encodeURIComponent(`alertname=${JSON.stringify(alertname)}`);
      const groups = (await ask('GET', `/alerts/groups?filter=${filter}`)) as Array<{
        alerts: Array<{ status: NonNullable<Parameters<typeof describeState>[0]> }>;
      }>;
      return describeState(groups[0]?.alerts[0]?.status);
    },
    decisionOn: () => undefined,
    async stop() {
      await router.stop();
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

const postable = ({ startsAt, endsAt, ...rest }: PostedAlert) => ({
  ...rest,
  startsAt: new Date(startsAt),
  ...(endsAt !== undefined && { endsAt: new Date(endsAt) }),
});

function matcherOf(text: string) {
  const [, name, operator, value] = MATCHER.exec(text)!;
  return {
    name: unquote(name!),
    value: unquote(value!),
    isEqual: operator!.startsWith('='),
    isRegex: operator!.endsWith('~'),
  };
}

async function respond(answer: Answer, response: ServerResponse): Promise<void> {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    response.destroy();
    return;
  }
  if (typeof answer !== 'number') await sleep(answer.after);
  response.writeHead(typeof answer === 'number' ? answer : 200).end();
}
