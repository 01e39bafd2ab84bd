import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStep, timeOf } from './read-step.ts';
import type { ExpectedNotification, OnlyOf, Scenario, Step } from './scenario.ts';

const HEADER = /^=== (.*)\n/m;
const OPTION = /^(virtual clock alone|start|show): (.*)$/;
const EXPECTATION = /^(~)?(\S+) (?:\[(slo-guard|alertmanager)\] )?([\w-]+: .*)$/;
const STEP = /^(-?\S+) (?:\[(slo-guard|alertmanager)\] )?([a-z]+)(?: (.*))?$/;
const DEFAULT_START = Date.UTC(2026, 0, 1);

/** Every scenario of the text files in this folder. */
export function readRouterScenarios(): Scenario[] {
  return readdirSync(import.meta.dirname)
    .filter(file => file.endsWith('.txt'))
    .sort()
    .flatMap(file => readScenarios(readFileSync(join(import.meta.dirname, file), 'utf8')));
}

export function readScenarios(text: string): Scenario[] {
  const [, ...parts] = text.split(HEADER);
  return Array.from({ length: parts.length / 2 }, (_, i) => readScenario(parts[2 * i]!, parts[2 * i + 1]!));
}

function readScenario(name: string, body: string): Scenario {
  try {
    const [head = '', script] = body.split('\n---\n');
    if (script === undefined) throw new Error('no script');
    const { options, config } = readHead(head);
    const lines = script.split('\n').filter(line => line.trim() !== '' && !line.startsWith('#'));
    const expected = lines.map(readExpectation).filter(each => each !== undefined);
    const steps = lines.filter(line => !readExpectation(line)).map(stepOf);
    const end = steps.at(-1);
    if (end?.verb !== 'end') throw new Error('the last step must be its end');
    if (steps.some((step, i) => i > 0 && step.at < steps[i - 1]!.at)) throw new Error('steps out of order');
    return {
      name,
      virtualOnly: options.get('virtual clock alone'),
      start: options.has('start') ? Date.parse(options.get('start')!) : DEFAULT_START,
      shown: options.get('show')?.split(', ') ?? [],
      config: withReceivers(config),
      steps,
      expected,
      end: end.at,
    };
  } catch (error) {
    throw new Error(`scenario "${name}": ${(error as Error).message}`, { cause: error });
  }
}

function readHead(head: string): { options: Map<string, string>; config: string } {
  const options = new Map<string, string>();
  const config = head.split('\n').filter(line => {
    const option = OPTION.exec(line);
    if (option) options.set(option[1]!, option[2]!);
    return !option;
  });
  return { options, config: config.join('\n') };
}

/** Where it names none, each receiver that a route names is a webhook. */
function withReceivers(config: string): string {
  if (config.includes('receivers:')) return `${config}\n`;
  const names = new Set([...config.matchAll(/receiver: ([\w-]+)/g)].map(match => match[1]!));
  const receivers = [...names].map(name => `  - { name: ${name}, webhook_configs: [{ url: '$${name}' }] }`);
  return `${config}\nreceivers:\n${receivers.join('\n')}\n`;
}

function readExpectation(line: string): ExpectedNotification | undefined {
  const match = EXPECTATION.exec(line);
  if (!match) return undefined;
  const [, loose, at, of, text] = match;
  return { at: timeOf(at!), text: text!, loose: loose !== undefined, of: of as OnlyOf };
}

function stepOf(line: string): Step {
  const match = STEP.exec(line);
  if (!match) throw new Error(`not a step: ${line}`);
  const [, at, of, verb, rest = ''] = match;
  return readStep(timeOf(at!), of as OnlyOf, verb!, rest);
}
