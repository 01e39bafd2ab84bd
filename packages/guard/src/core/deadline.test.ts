import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createVirtualClock, milliseconds } from '../core/index.ts';
import { withDeadline } from './deadline.ts';

const never = () => new Promise<never>(() => {});

function setup() {
  const clock = createVirtualClock(milliseconds(0));
  const ending = new AbortController();
  const deadline = { clock, limit: 1000, tooLate: () => new Error('too late'), ending: ending.signal };
  return { clock, ending, deadline };
}

describe('a task with a deadline', () => {
  it('gives its result, and leaves nothing attached to what outlives it', async () => {
    const { clock, ending, deadline } = setup();
    expect(await withDeadline(deadline, async () => 5)).toBe(5);
    await expect(withDeadline(deadline, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(getEventListeners(ending.signal, 'abort')).toEqual([]);
    expect(await clock.advanceToNextTimer()).toBe(false);
  });

  it('fails at the limit, even if it does not heed its signal', async () => {
    const { clock, deadline } = setup();
    let seen: AbortSignal | undefined;
    const result = withDeadline(deadline, signal => {
      seen = signal;
      return never();
    });
    const failed = expect(result).rejects.toThrow('too late');
    await clock.advance(milliseconds(999));
    expect(seen?.aborted).toBe(false);
    await clock.advance(milliseconds(1));
    await failed;
    expect(seen?.aborted).toBe(true);
  });

  it('fails when it is ended, also before it begins', async () => {
    const { ending, deadline } = setup();
    const result = withDeadline(deadline, never);
    ending.abort(new Error('ended'));
    await expect(result).rejects.toThrow('ended');
    await expect(withDeadline(deadline, never)).rejects.toThrow('ended');
  });
});
