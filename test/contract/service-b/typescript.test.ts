import { fileURLToPath } from 'node:url';
import { startService } from '../../../services/service-a/test/process.ts';
import { describeBackend } from './suite.ts';

const main = fileURLToPath(new URL('../../../services/service-b/src/main.ts', import.meta.url));

describeBackend('TypeScript', env => startService(main, env));
