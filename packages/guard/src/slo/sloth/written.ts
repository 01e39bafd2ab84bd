import type { WrittenSlo } from './schema.ts';
import type { SlothForm, SlothMetadata } from './spec.ts';

/** A document whose shape is right. */
export interface Written {
  readonly form: SlothForm;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly slos: readonly WrittenSlo[];
  readonly metadata: SlothMetadata | undefined;
  readonly hasPlugins: boolean;
}
