import { type Milliseconds, UserError } from '../../core/index.ts';
import {
  compileTemplate,
  createHtmlWriter,
  type ExpandOptions,
  gatherTemplates,
  linkTemplate,
  type ParsedTemplate,
  type TemplateLimits,
  type TemplateSet,
  type TemplateSource,
  tryTemplate,
} from '../../template/index.ts';
import type { WebhookPayload } from '../payload.ts';
import { templateData } from './data.ts';
import { DEFAULT_TEMPLATES } from './default-templates.ts';
import { EMAIL_TEMPLATES } from './email-template.ts';
import { NOTIFICATION_FUNCTION_NAMES, notificationFunctions } from './functions.ts';

/** Bounds of one text of a notification: thousands of alerts fit, and what never ends is stopped within a second or two. */
const LIMITS: Partial<TemplateLimits> = { steps: 1_000_000, outputLength: 16_777_216 };

/** The templates of one configuration. */
export interface NotificationTemplates {
  /**
   * Ready to expand texts for one attempt to tell of `payload`.
   *
   * @param routeLabel what the function `routeLabels` gives; those of the payload by default
   */
  begin(payload: WebhookPayload, now: Milliseconds, routeLabel?: (name: string) => string): Expansion;
}

/** Expands the texts of one notification. */
export interface Expansion {
  /** @param what the field, for the error. @throws UserError `bad-template`, `template-limit` */
  text(source: string, what: string): string;
  /** As `text`, escaped as html/template does. */
  html(source: string, what: string): string;
  /** What came out, up to the failure where there is one. */
  tryText(source: string): { readonly text: string; readonly failure: string | undefined };
}

/** Reads a template as notifications use it. @throws UserError `bad-template` with line and column */
export const compileNotification = (text: string): ParsedTemplate =>
  compileTemplate(text, { functions: NOTIFICATION_FUNCTION_NAMES });

/** @param files the user's, in order; a later one replaces templates of an earlier one, and the default ones */
export function createNotificationTemplates(files: readonly TemplateSource[]): NotificationTemplates {
  const defaults = [DEFAULT_TEMPLATES, EMAIL_TEMPLATES].map(text => ({
    name: '',
    template: compileNotification(text),
  }));
  const set = gatherTemplates([...defaults, ...files]);
  const entries = new Map<string, ParsedTemplate>();
  return {
    begin: (payload, now, routeLabel = labelOf(payload)) => begin(set, entries, { payload, now, routeLabel }),
  };
}

/** What is told of, and when. */
interface Occasion {
  readonly payload: WebhookPayload;
  readonly now: Milliseconds;
  readonly routeLabel: (name: string) => string;
}

const labelOf =
  ({ routeLabels }: WebhookPayload) =>
  (name: string) =>
    (Object.hasOwn(routeLabels, name) && routeLabels[name]) || '';

function begin(
  set: TemplateSet,
  entries: Map<string, ParsedTemplate>,
  { payload, now, routeLabel }: Occasion,
): Expansion {
  let made: ExpandOptions | undefined;
  /** Made when first needed: most webhooks have no template at all, and of thousands of alerts it is large. */
  const options = () =>
    (made ??= {
      data: templateData(payload),
      functions: notificationFunctions({ now, routeLabel }),
      limits: LIMITS,
    });

  /** Most texts come again with every notification. */
  function entryOf(source: string): ParsedTemplate {
    const known = entries.get(source);
    if (known) return known;
    const entry = linkTemplate(compileNotification(source), set);
    entries.set(source, entry);
    return entry;
  }

  function run(source: string, isHtml: boolean) {
    if (!source.includes('{{') && !isHtml) return { text: source };
    try {
      return tryTemplate(entryOf(source), isHtml ? { ...options(), writer: createHtmlWriter() } : options());
    } catch (failure) {
      return { text: '', failure };
    }
  }

  function expand(source: string, what: string, isHtml: boolean): string {
    const result = run(source, isHtml);
    if (!('failure' in result)) return result.text;
    throw new UserError('bad-template', `${what}: ${describe(result.failure)}`);
  }

  return {
    text: (source, what) => expand(source, what, false),
    html: (source, what) => (source === '' ? '' : expand(source, what, true)),
    tryText(source) {
      const result = run(source, false);
      return { text: result.text, failure: 'failure' in result ? describe(result.failure) : undefined };
    },
  };
}

/** Without the excerpt: the text around a mistake may hold a secret. */
function describe(failure: unknown): string {
  if (!(failure instanceof UserError)) throw failure;
  const { message, position } = failure.problems[0]!;
  return position ? `template: ${position.line}:${position.column}: ${message}` : message;
}
