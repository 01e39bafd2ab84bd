import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';

/** Admin bodies are a few fields; anything larger is 413. */
export const ADMIN_BODY_LIMIT = 16_384;

/** A body refused whole: answered 400 with the reason. */
export class BadAdminBody extends Error {
  override readonly name = 'BadAdminBody';
  readonly statusCode = 400;
  readonly code = 'bad_request';
}

/**
 * Hands the body on as text whatever the content type says: `curl -d` without a header sends
 * `application/x-www-form-urlencoded`, and that must work.
 */
export function acceptAnyContentType(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: ADMIN_BODY_LIMIT }, (_request, body, done) =>
    done(null, body),
  );
}

/**
 * Parses JSON against a schema.
 * @throws {BadAdminBody} naming each field that does not fit
 */
export function parseAdminBody<T>(schema: z.ZodType<T>, body: unknown): T {
  if (typeof body !== 'string' || body.trim() === '')
    throw new BadAdminBody('a JSON object is needed as body');
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    throw new BadAdminBody(`the body is not JSON: ${(error as Error).message}`);
  }
  // An own key of this name would be lost to the schema instead of refused as unknown.
  if (typeof json === 'object' && json !== null && Object.hasOwn(json, '__proto__')) {
    throw new BadAdminBody('unknown field "__proto__"');
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new BadAdminBody(reasons.join('; '));
}
