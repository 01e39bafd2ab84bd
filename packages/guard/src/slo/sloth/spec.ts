import type { Path, YamlSource } from '../../config/index.ts';

/** How a document says that it is Sloth's, and how its fields are spelt. */
export type SlothForm = 'prometheus/v1' | 'sloth.slok.dev/v1';

/** Where the SLOs of a document stand. */
export const slosPath = (form: SlothForm): Path => (form === 'prometheus/v1' ? ['slos'] : ['spec', 'slos']);

/** Queries are Go templates over `{{.window}}`, as written. */
export type SlothSli =
  | { readonly kind: 'events'; readonly errorQuery: string; readonly totalQuery: string }
  | { readonly kind: 'raw'; readonly errorRatioQuery: string };

/** Labels and annotations of one of the two alerts, the common ones included. */
export interface SlothAlert {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface SlothSlo {
  readonly name: string;
  readonly description: string;
  /** Percent: above 0, at most 100. */
  readonly objective: number;
  /** Those of the document included. */
  readonly labels: Readonly<Record<string, string>>;
  readonly sli: SlothSli;
  /** Undefined where it is disabled. */
  readonly page: SlothAlert | undefined;
  readonly ticket: SlothAlert | undefined;
  /** Where it stands in its document. */
  readonly path: Path;
}

/** What Kubernetes knows the document by. */
export interface SlothMetadata {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** One document of Sloth's, checked as Sloth 0.16 checks it. */
export interface SlothSpec {
  readonly form: SlothForm;
  readonly service: string;
  /** Of all its SLOs. */
  readonly labels: Readonly<Record<string, string>>;
  readonly slos: readonly SlothSlo[];
  /** Of the Kubernetes form alone. */
  readonly metadata: SlothMetadata | undefined;
  readonly source: YamlSource;
}
