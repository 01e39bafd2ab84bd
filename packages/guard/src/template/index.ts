export { expandReplacement, replaceAll } from './replace-all.ts';
