import type { YamlSource } from '../../config/index.ts';
import { UserError } from '../../core/index.ts';
import type { ReadResult } from '../format.ts';
import { type AlertWindows, readAlertWindows } from './alert-windows.ts';
import { readSloth } from './read.ts';
import type { SlothSpec } from './spec.ts';

/** Objectives, or the alert windows that they are judged by. */
export type SlothDocument =
  | { readonly spec: SlothSpec; readonly windows?: undefined }
  | { readonly spec?: undefined; readonly windows: AlertWindows; readonly source: YamlSource };

/** Reads any document of Sloth's. */
export function readDocument(source: YamlSource): ReadResult<SlothDocument> {
  if ((source.value as { kind?: unknown }).kind !== 'AlertWindows') {
    const { documents, problems } = readSloth(source);
    return { documents: documents.map(spec => ({ spec })), problems };
  }
  try {
    return { documents: readAlertWindows([source]).map(windows => ({ windows, source })), problems: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { documents: [], problems: error.problems };
  }
}
