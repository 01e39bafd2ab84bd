export { generateSloth, type SlothInput, type SlothOptions } from './generate.ts';
