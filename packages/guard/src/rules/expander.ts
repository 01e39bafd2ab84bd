import type { Labels, Milliseconds } from '../core/index.ts';
import { parseExpr } from '../promql/index.ts';
import { type ParsedTemplate, runTemplate } from '../template/index.ts';
import type { RuleQuery, RuleSample } from './query.ts';
import { type Expandable, failureText } from './rule-templates.ts';
import { fullBudget, type QueryBudget, templateFunctions } from './template-functions.ts';

export interface ExpanderOptions {
  readonly query: RuleQuery;
  /** The evaluation's time, at which templates query. */
  readonly at: Milliseconds;
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  /** Told of every label and annotation that is expanded, and of what keeps one from it. */
  readonly onExpansion: (failure?: unknown) => void;
}

/** Gives the labels and annotations of one rule's samples at one evaluation. */
export interface Expander {
  /** Names and values in the order given; a failure stands in the value. */
  expandAll(templates: readonly Expandable[], sample: RuleSample): [name: string, value: string][];
}

export function createExpander(options: ExpanderOptions): Expander {
  const { at, externalUrl, onExpansion } = options;
  const externalLabels = new Map(options.externalLabels);
  const budget: QueryBudget = fullBudget();
  const query = (text: string) => options.query(parseExpr(text), at);
  let functions: ReturnType<typeof templateFunctions> | undefined;

  function run(template: ParsedTemplate, sample: RuleSample): string {
    functions ??= templateFunctions({ query, at, externalUrl, budget });
    budget.left = fullBudget().left;
    const labels = new Map(sample.labels);
    return runTemplate(template, {
      data: { Labels: labels, ExternalLabels: externalLabels, ExternalURL: externalUrl, Value: sample.value },
      functions,
      variables: new Map<string, unknown>([
        ['$labels', labels],
        ['$externalLabels', externalLabels],
        ['$externalURL', externalUrl],
        ['$value', sample.value],
      ]),
    });
  }

  function expand({ content }: Expandable, sample: RuleSample): string {
    try {
      if (content instanceof Error) throw content;
      const text = typeof content === 'string' ? content : run(content, sample);
      onExpansion();
      return text;
    } catch (error) {
      onExpansion(error);
      return failureText(error);
    }
  }

  return {
    expandAll: (templates, sample) => templates.map(each => [each.name, expand(each, sample)]),
  };
}
