import { basename, resolve } from 'node:path';
import { expandGlob, type Path, readTextFile, relativeTo } from '../../config/index.ts';
import { type Problem, UserError } from '../../core/index.ts';
import type { TemplateSource } from '../../template/index.ts';
import {
  compileNotification,
  createNotificationTemplates,
  type NotificationTemplates,
} from './notification-templates.ts';

export interface LoadTemplatesOptions {
  /** Patterns of paths, as `templates:` lists them. A pattern that matches nothing is none's mistake. */
  readonly patterns: readonly string[];
  /** Relative patterns start here. */
  readonly folder: string;
  /** Told what is wrong with a file, and by which pattern it was found. */
  readonly onProblem: (path: Path, problem: Problem) => void;
}

/** Reads the files of templates that a configuration names. */
export function loadTemplates({ patterns, folder, onProblem }: LoadTemplatesOptions): NotificationTemplates {
  const sources: TemplateSource[] = [];
  for (const [i, pattern] of patterns.entries()) {
    try {
      for (const file of expandGlob(resolve(relativeTo(folder, pattern)))) sources.push(readSource(file));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      for (const problem of error.problems) onProblem(['templates', i], problem);
    }
  }
  return createNotificationTemplates(sources);
}

/** @throws UserError `bad-template` at its place in the file, `unreadable-file` */
function readSource(file: string): TemplateSource {
  const { text } = readTextFile(file);
  try {
    return { name: basename(file), template: compileNotification(text) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [first, ...others] = error.problems.map(problem =>
      problem.position ? { ...problem, position: { ...problem.position, file } } : problem,
    );
    throw UserError.ofProblems([first!, ...others]);
  }
}
