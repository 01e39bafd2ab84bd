import type { Position } from '../core/index.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  readonly position?: Position | undefined;
}

/**
 * A workflow command that GitHub Actions shows beside the line
 * (docs.github.com/actions/reference/workflow-commands-for-github-actions).
 */
export function githubAnnotation({ level, title, message, position }: Annotation): string {
  const properties = [
    ...(position?.file === undefined ? [] : [['file', position.file]]),
    ...(position === undefined
      ? []
      : [
          ['line', String(position.line)],
          ['col', String(position.column)],
        ]),
    ['title', title],
  ].map(([name, value]) => `${name}=${escapeProperty(value!)}`);
  return `::${level} ${properties.join(',')}::${escapeData(message)}`;
}

const escapeData = (text: string) =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string) => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
