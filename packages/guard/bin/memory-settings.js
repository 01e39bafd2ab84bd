/**
 * How V8 keeps the memory of a guard, which mostly waits: little room for new objects, and the old ones collected after
 * growing by a fifth instead of fourfold. Neither bounds anything (docs/decisions/0023-the-guard-sets-its-heap.md).
 */
const FLAGS = ['--max-semi-space-size=4', '--heap-growing-percent=20'];

/**
 * How glibc keeps what is allocated outside of V8's heap (mallopt(3)); no other C library reads it. Two arenas instead of
 * eight a core, and from 8 KiB on memory that goes back to the system when it is freed, as bodies of requests and what
 * compilers work with: without a number, that bound grows with each large body that was freed, up to 32 MiB. So many
 * pieces at most, a quarter of the mappings that Linux allows a process.
 */
const ENVIRONMENT = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '8192',
  MALLOC_MMAP_MAX_: '16384',
};

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

/**
 * V8 and glibc take them at the start alone: the process becomes itself again, with the same id. Windows has no such
 * call. What the user has set in the environment stays.
 */
export function restartWithMemorySettings() {
  const { execve, execPath, execArgv, argv, env } = process;
  const flags = lackingFlags(argv[2], [...execArgv, ...(env.NODE_OPTIONS ?? '').split(/\s+/)]);
  if (flags.length > 0 && execve)
    execve(execPath, [execPath, ...flags, ...execArgv, ...argv.slice(1)], { ...ENVIRONMENT, ...env });
}
