import { type Clock, type Milliseconds, messageOf } from '../core/index.ts';
import { drillError, failure } from './codes.ts';
import type { Drill } from './drill-file.ts';
import type { FaultState } from './stack-answers.ts';
import type { StackClient } from './stack-client.ts';

/** A fault that can be taken back at any time, also when it is not known whether it was set. */
export interface Fault {
  /** @throws UserError `drill-fault-refused` when the backend does not take it */
  inject(): Promise<FaultState>;
  /** Asks until the backend confirms; undefined when it did or nothing was injected, else why it did not. Never throws. */
  remove(): Promise<string | undefined>;
}

export interface FaultOptions {
  readonly clock: Clock;
  readonly drill: Drill;
  readonly client: StackClient;
  /** A client whose requests go on after Ctrl-C. */
  readonly cleanupClient: StackClient;
  /** What the drill may take at most while the fault is active. */
  readonly atMost: Milliseconds;
}

/** Beyond the drill's own patience, so that the lease ends only what nobody is left to remove. */
const LEASE_MARGIN: Milliseconds = 60_000;
const REMOVAL_ATTEMPTS = 3;
const REMOVAL_PAUSE: Milliseconds = 1000;

export function createFault({ clock, drill, client, cleanupClient, atMost }: FaultOptions): Fault {
  let perhapsActive = false;
  const leaseSeconds = Math.ceil((atMost + LEASE_MARGIN) / 1000);
  return {
    async inject() {
      const { bad_ratio: _, ...fault } = drill.fault;
      perhapsActive = true;
      try {
        return await client.setFault({ ...fault, lease_seconds: leaseSeconds });
      } catch (error) {
        throw drillError('drill-fault-refused', `the fault could not be set: ${messageOf(error)}`);
      }
    },
    async remove() {
      let problem: string | undefined;
      for (let attempt = 1; perhapsActive && attempt <= REMOVAL_ATTEMPTS; attempt += 1) {
        if (attempt > 1) await clock.sleep(REMOVAL_PAUSE);
        problem = await removalProblem(cleanupClient);
        if (problem === undefined) perhapsActive = false;
      }
      return (
        problem &&
        failure(
          'fault-not-removed',
          `the fault could not be removed (it ends by itself ${leaseSeconds} s after it was set): ${problem}`,
        )
      );
    },
  };
}

/** What the backend answered, without the parameters that its mode does not use. */
export function describeFault({ mode, error_rate, latency_ms }: FaultState): string {
  const parameters = [
    ...(mode === 'latency' ? [] : [`error rate ${error_rate}`]),
    ...(mode === 'error' ? [] : [`latency ${latency_ms} ms`]),
  ];
  return [`mode ${mode}`, ...(mode === 'none' ? [] : parameters)].join(', ');
}

async function removalProblem(client: StackClient): Promise<string | undefined> {
  try {
    const { mode } = await client.setFault({ mode: 'none' });
    return mode === 'none' ? undefined : `the backend still says mode ${mode}`;
  } catch (error) {
    return messageOf(error);
  }
}
