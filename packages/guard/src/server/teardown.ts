/** What has to be undone when a process ends, or when its start fails half way. */
export interface Teardown {
  add(task: () => unknown): void;
  /**
   * Runs the tasks, last added first, each after the one before has ended. One that fails does not keep the others
   * from running; the first failure is thrown at the end. A second call waits for the first.
   */
  run(): Promise<void>;
}

export function createTeardown(): Teardown {
  const tasks: Array<() => unknown> = [];
  let running: Promise<void> | undefined;

  async function runAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
      try {
        await task();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  return {
    add: task => tasks.push(task),
    run() {
      running ??= runAll();
      return running;
    },
  };
}
