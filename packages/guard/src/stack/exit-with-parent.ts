/**
 * Preloaded into each process of the stack (`node --import`): when the process that started it is gone, even by
 * `kill -9`, the channel between them closes, and this one ends as if asked to.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// The channel alone must not keep a process alive.
process.channel?.unref();
