import { createRequire } from 'node:module';
import type { FastifyOtelInstrumentation as FastifyInstrumentation } from '@fastify/otel';
import type { TracerProvider } from '@opentelemetry/api';

/**
 * What is instrumented. Both listen on diagnostics channels, so neither needs a module loader hook, and both see
 * applications that know nothing of them.
 */
export const INSTRUMENTATIONS = ['fastify', 'undici'] as const;
export type InstrumentationName = (typeof INSTRUMENTATIONS)[number];

const require = createRequire(import.meta.url);

interface Instrumentation {
  setTracerProvider(provider: TracerProvider): void;
  disable(): void;
}

function fastify(): Instrumentation {
  const { FastifyOtelInstrumentation } = require('@fastify/otel') as {
    FastifyOtelInstrumentation: typeof FastifyInstrumentation;
  };
  return new FastifyOtelInstrumentation({
    registerOnInitialization: true,
    instrumentHooks: false,
    instrumentHandler: false,
    // Semantic conventions name a server span "{method} {route}"; the library calls it "request".
    requestHook(span, request) {
      const route = request.routeOptions.url;
      span.updateName(route === undefined ? request.method : `${request.method} ${route}`);
    },
  });
}

async function undici(): Promise<Instrumentation> {
  const { UndiciInstrumentation } = await import('@opentelemetry/instrumentation-undici');
  return new UndiciInstrumentation({ requireParentforSpans: true });
}

/** Turns on the named instrumentations; call it before the application's modules are loaded. */
export async function instrument(
  names: readonly InstrumentationName[],
  provider: TracerProvider,
): Promise<Instrumentation[]> {
  const active: Instrumentation[] = [];
  for (const name of names) active.push(name === 'fastify' ? fastify() : await undici());
  for (const instrumentation of active) instrumentation.setTracerProvider(provider);
  return active;
}
