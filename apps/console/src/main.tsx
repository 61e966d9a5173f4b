import '@patternfly/react-core/dist/styles/base.css';
import './console.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { askBrowserSession } from './connection/browser-session.js';
import { createGraphqlClient } from './connection/client.js';
import { createLinkState } from './connection/link-state.js';
import { createSession } from './connection/session.js';
import { forgetFailedStyles } from './shell/later.js';
import { WebConsole } from './web-console.js';

const place = document.getElementById('root');
if (place === null) throw new Error('index.html has no place for the console');
let session = createSession(sessionStorage);
if (session.standing() === 'out') {
  const { signedIn, actor } = await askBrowserSession();
  session = createSession(sessionStorage, signedIn, actor);
}
addEventListener('error', ({ target }) => forgetFailedStyles(target), { capture: true });
const link = createLinkState();
const client = createGraphqlClient({ session, link, origin: window.location.origin });
createRoot(place).render(
  <StrictMode>
    <WebConsole client={client} session={session} link={link} />
  </StrictMode>,
);
