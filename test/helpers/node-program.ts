/**
 * What runs a program of Node in a process of its own, as a user would. Whatever a test spawns, tap has load
 * through `NODE_OPTIONS` what tells it which files each process read, and each starts half as slowly again for it.
 *
 * @param nodeOptions what the program is to find there instead
 */
export function nodeProgram(args: readonly string[], nodeOptions = ''): [command: string, args: string[]] {
  return ['env', [`NODE_OPTIONS=${nodeOptions}`, process.execPath, ...args]];
}
