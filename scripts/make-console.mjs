// Builds the web console into the API, which serves it: nothing is loaded from elsewhere when it is opened.
import { build } from 'vite';
import { inRoot } from './lib/paths.mjs';

// Whoever runs this may be a test; what is built is what users get.
process.env.NODE_ENV = 'production';
await build({ root: inRoot('apps/console'), configFile: inRoot('apps/console/vite.config.ts'), logLevel: 'warn' });
