/**
 * `npm run bench:stack:real [-- --seconds N] [--pages N] [--no-compose]`: the embedded stack beside the real Prometheus,
 * Alertmanager, Collector and Jaeger, as processes and as containers of one machine, one after the other in the same run
 * and under the same traffic: command to ready, memory, CPU, and the time from fault to page. Needs the peers
 * (`npm run peers`) and, for the containers, Docker's engine. Prints each figure with its ratio; judges nothing.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { removeCheckout } from '../../test/compose/project.ts';
import { type Prepared, prepare } from '../../test/compose/running.ts';
import { type Figures, measure, measurePage, type Plan } from './measure.ts';
import { bare, composed, type Subject } from './subjects.ts';

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    pages: { type: 'string', default: '3' },
    'no-compose': { type: 'boolean', default: false },
  },
});
const [seconds, pages] = [Number(flags.seconds), Number(flags.pages)];
if (!(seconds > 0)) throw new Error('--seconds takes a number above 0');
if (!(Number.isInteger(pages) && pages >= 0)) throw new Error('--pages takes a whole number');

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => interrupted.abort(new Error(`ended by ${signal}`)));
const plan: Plan = { seconds, signal: interrupted.signal, say: line => console.error(line) };

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

async function figuresOf(subject: Subject): Promise<Figures> {
  const figures = new Map(await measure(subject, plan));
  const times: number[] = [];
  for (let i = 0; i < pages; i++) times.push(await measurePage(subject, plan));
  if (pages > 0) figures.set(`fault to page, s (median of ${pages})`, median(times));
  return figures;
}

function print(subjects: readonly Subject[], all: readonly Figures[]): void {
  const [ours, ...theirs] = all;
  const line = (...cells: readonly string[]) =>
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(36) : cell.padStart(11))).join(''));
  const [first, ...others] = subjects.map(({ name }) => name);
  line('', first!, ...others.flatMap(name => [name, 'ratio']));
  for (const [what, mine] of ours!) {
    const compared = theirs.flatMap(figures => {
      const other = figures.get(what)!;
      return [other.toFixed(1), (mine / other).toFixed(2)];
    });
    line(what, mine.toFixed(1), ...compared);
  }
}

let prepared: Prepared | undefined;
try {
  if (!flags['no-compose']) prepared = await prepare(plan.say);
  const subjects = [
    bare('embedded', 'all embedded'),
    bare('real', 'all real'),
    ...(prepared ? [composed(prepared)] : []),
  ];
  console.log(`load average ${loadavg()[0]!.toFixed(2)} on this machine; ${seconds} s at each rate\n`);
  const all: Figures[] = [];
  for (const subject of subjects) {
    interrupted.signal.throwIfAborted();
    all.push(await figuresOf(subject));
  }
  print(subjects, all);
} catch (error) {
  if (!interrupted.signal.aborted) throw error;
  console.error(interrupted.signal.reason.message);
  process.exitCode = 130;
} finally {
  if (prepared) {
    removeCheckout(prepared.checkout);
    await prepared.engine.stop();
  }
}
