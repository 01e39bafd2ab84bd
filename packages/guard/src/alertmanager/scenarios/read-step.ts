import { type Milliseconds, parseDuration } from '../../core/index.ts';
import type { Answer, OnlyOf, Pairs, Step } from './scenario.ts';

/** `name="a text"`, `name=word`, `"a name"="…"`, `@annotation=…`, or a word alone. */
const WORD = /(?:"(?:[^"\\]|\\.)*"|[^\s"])+/g;
const PAIR = /^(@)?("(?:[^"\\]|\\.)*"|[^=]+)=(.*)$/s;

/** One step of a script from its verb and what follows. */
export function readStep(at: number, of: OnlyOf, verb: string, rest: string): Step {
  const words = rest.match(WORD) ?? [];
  switch (verb) {
    case 'fire':
    case 'resolve':
      return { at, verb, ...readAlert(words) };
    case 'silence': {
      const { plain, from, until } = readSpan(words);
      if (typeof until !== 'number') throw new Error(`a silence without an end: ${rest}`);
      return { at, verb, name: plain[0]!, matchers: plain.slice(1), from, until };
    }
    case 'expire':
      return { at, verb, name: rest };
    case 'receiver':
      return { at, verb, name: words[0]!, answers: words.slice(1).map(readAnswer) };
    case 'shows':
    case 'because': {
      const [alert, ...text] = rest.split(': ');
      return { at, verb, alert: alert!, text: text.join(': '), of };
    }
    case 'restart':
      return { at, verb, away: timeOf(rest || '0s') };
    case 'reload':
    case 'end':
      return { at, verb };
    default:
      throw new Error(`no such step: ${verb}`);
  }
}

/** Takes `from TIME`, `until TIME` and `until unsaid` out. */
function readSpan(words: readonly string[]) {
  const valueAfter = (key: string) => words[words.indexOf(key) + 1]!;
  const from = words.includes('from') ? timeOf(valueAfter('from')) : undefined;
  const end = words.includes('until') ? valueAfter('until') : undefined;
  const isSpan = (i: number) => [words[i], words[i - 1]].some(word => word === 'from' || word === 'until');
  return {
    plain: words.filter((_, i) => !isSpan(i)),
    from,
    until: end === 'unsaid' ? end : end && timeOf(end),
  } as const;
}

function readAlert(words: readonly string[]) {
  const { plain, from, until } = readSpan(words);
  const [alertname, ...pairs] = plain;
  const labels: Record<string, string> = { alertname: alertname! };
  const annotations: Record<string, string> = {};
  for (const pair of pairs) {
    const match = PAIR.exec(pair);
    if (!match) throw new Error(`not a pair: ${pair}`);
    const [, isAnnotation, name, value] = match;
    (isAnnotation ? annotations : labels)[unquote(name!)] = unquote(value!);
  }
  return { labels, annotations, from, until: until === '' ? undefined : until } satisfies {
    labels: Pairs;
    annotations: Pairs;
    from: unknown;
    until: unknown;
  };
}

const unquote = (text: string): string => (text.startsWith('"') ? JSON.parse(text) : text);

function readAnswer(word: string): Answer {
  if (word === 'ok') return 200;
  if (word === 'hang' || word === 'reset') return word;
  if (word.startsWith('after=')) return { after: timeOf(word.slice('after='.length)) };
  return Number(word);
}

/** `-90s`, `1.5s`, `1h30m`: a time since the start. */
export function timeOf(text: string): Milliseconds {
  const seconds = /^(-?\d+(?:\.\d+)?)s$/.exec(text)?.[1];
  if (seconds !== undefined) return Math.round(Number(seconds) * 1000);
  const length = parseDuration(text.replace(/^-/, ''));
  if (length === undefined) throw new Error(`not a time: ${text}`);
  return text.startsWith('-') ? -length : length;
}
