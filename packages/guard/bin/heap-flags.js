/**
 * How V8 keeps the memory of a guard, which mostly waits: little room for new objects, and the old ones collected after
 * growing by a third instead of fourfold. Neither bounds anything (docs/decisions/0009-small-young-generations.md).
 */
const FLAGS = ['--max-semi-space-size=4', '--heap-growing-percent=30'];

/**
 * The flags that this process lacks for running a command; none where it was started with a young generation of the
 * user's choice.
 *
 * @param {string | undefined} command
 * @param {readonly string[]} given what Node was started with, on the command line and in NODE_OPTIONS
 * @returns {readonly string[]}
 */
export function lackingFlags(command, given) {
  const isChosen = given.some(flag => /^--max[-_]semi[-_]space[-_]size\b/.test(flag));
  return command === 'serve' && !isChosen ? FLAGS : [];
}

/** V8 takes them at its start alone: the process becomes itself again, with the same id. Windows has no such call. */
export function restartWithHeapFlags() {
  const { execve, execPath, execArgv, argv, env } = process;
  const flags = lackingFlags(argv[2], [...execArgv, ...(env.NODE_OPTIONS ?? '').split(/\s+/)]);
  if (flags.length > 0 && execve) execve(execPath, [execPath, ...flags, ...execArgv, ...argv.slice(1)], env);
}
