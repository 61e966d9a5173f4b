// Builds the web console into the API, which serves it: nothing is loaded from elsewhere when it is opened. Its documents are named by
// their hashes, and the API is given them beside it.
import { build } from 'vite';
import { consoleDocuments, documentId } from '../apps/console/documents.mjs';
import { inRoot } from './lib/paths.mjs';

const byName = Object.entries(consoleDocuments(inRoot('apps/console/src')));

const documentsForTheApi = {
  name: 'documents-for-the-api',
  generateBundle() {
    const byId = Object.fromEntries(byName.map(([, text]) => [documentId(text), text]));
    this.emitFile({ type: 'asset', fileName: 'documents.json', source: JSON.stringify(byId, null, 1) });
  },
};

// Whoever runs this may be a test; what is built is what users get.
process.env.NODE_ENV = 'production';
await build({
  root: inRoot('apps/console'),
  configFile: inRoot('apps/console/vite.config.ts'),
  logLevel: 'warn',
  define: { DOCUMENT_IDS: Object.fromEntries(byName.map(([name, text]) => [name, documentId(text)])) },
  plugins: [documentsForTheApi],
});
