import { registerHooks } from 'node:module';

const API_ROOT = /^(.*[\\/]@opentelemetry[\\/]api[\\/])/;

/**
 * Watches which copies of `@opentelemetry/api` the process loads. A second copy of another version finds no
 * provider and gives no-op tracers without a word, so the caller is told of each copy beyond the first.
 */
export function watchApiCopies(own: string, onSecond: (root: string) => void): { roots(): string[] } {
  const roots = new Set<string>();
  const see = (url: string | undefined) => {
    const root = url === undefined ? undefined : API_ROOT.exec(url)?.[1];
    if (root === undefined || roots.has(root)) return;
    roots.add(root);
    if (roots.size > 1) onSecond(root);
  };
  see(own);
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      see(resolved.url);
      return resolved;
    },
  });
  return { roots: () => [...roots] };
}
