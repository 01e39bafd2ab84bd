/** Holds answers of the API v2 against its document. */
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { readAlertmanagerDocument } from './alertmanager-document.ts';

interface Answers {
  readonly responses: Readonly<Record<string, Schema>>;
}
type Schema = Readonly<Record<string, unknown>>;

/** A document of Swagger 2.0. */
export interface SwaggerDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly parameters: Readonly<Record<string, Schema>>;
  readonly responses: Readonly<Record<string, Schema>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

export interface CheckedAnswer {
  readonly method: string;
  /** Below `/api/v2`, with its query. */
  readonly path: string;
  readonly status: number;
  readonly text: string;
}

export const alertmanagerDocument = (): SwaggerDocument => parse(readAlertmanagerDocument());

export const METHODS = ['get', 'post', 'delete'] as const;

/** Follows one `$ref`. */
export function resolved(document: SwaggerDocument, node: Schema): Schema {
  const { $ref } = node;
  if (typeof $ref !== 'string') return node;
  const [, section, name] = $ref.split('/') as [string, 'parameters' | 'responses' | 'definitions', string];
  return document[section][name]!;
}

/** What is wrong with an answer by the document; empty where it fits. */
export function createAnswerCheck(document: SwaggerDocument): (answer: CheckedAnswer) => string[] {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'document', definitions: document.definitions });
  const validators = new Map<string, ValidateFunction>();

  function faults(schema: Schema, value: unknown): string[] {
    const key = JSON.stringify(schema);
    const known = validators.get(key) ?? ajv.compile(JSON.parse(key.replaceAll('"#/', '"document#/')));
    validators.set(key, known);
    return known(value) ? [] : [ajv.errorsText(known.errors)];
  }

  return ({ method, path, status, text }) => {
    const name = Object.keys(document.paths).find(template => isAt(template, path));
    const operation = name && (document.paths[name]![method.toLowerCase()] as Answers | undefined);
    const error: Schema = { $ref: '#/definitions/error' };
    // Without an operation, go-openapi itself answers; so does it before the operation's own code runs.
    if (!operation)
      return status >= 400 ? faults(error, JSON.parse(text)) : [`${method} ${path} is not told of`];
    const { responses } = operation;
    const told = responses[status];
    const body = text === '' ? undefined : JSON.parse(text);
    if (status >= 400 && typeof body === 'object') return faults(error, body);
    if (!told) return [`${method} ${path}: ${status} is not told of`];
    const { schema } = resolved(document, told);
    if (!schema) return body === undefined ? [] : [`${method} ${path}: ${status} has a body`];
    return faults(schema as Schema, body).map(fault => `${method} ${path} ${status}: ${fault}`);
  };
}

function isAt(template: string, path: string): boolean {
  const wanted = template.split('/');
  const parts = path.split('?')[0]!.split('/');
  return (
    wanted.length === parts.length && wanted.every((part, i) => part.startsWith('{') || part === parts[i])
  );
}
